/**
 * A process of the benchmark that bundles programs by esbuild and by rolldown, and says how large they are.
 *
 *   node bundle.ts <program> ...
 */
import { build } from "esbuild"
import { builtinModules } from "node:module"
import { gzipSync } from "node:zlib"
import { rolldown } from "rolldown"
import { answer } from "../calls/answer.ts"
import type { Bundled } from "../calls/bundles.ts"

const builtin = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)]

const compressed = (code: string | Uint8Array): number => gzipSync(code, { level: 9 }).length

/** The parts of a bundle are compressed together: each has the share of the whole that it has before. */
const byEsbuild = async (program: string) => {
  const { metafile, outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node22",
    metafile: true,
    write: false,
    logLevel: "error"
  })
  const [file] = outputFiles
  const [output] = Object.values(metafile.outputs)
  if (file === undefined || output === undefined) throw new Error(`esbuild made nothing of ${program}`)
  const size = compressed(file.contents)
  const own = Object.entries(output.inputs).filter(([input]) => /^(?:\.\.\/)*(?:dist|src)\//.test(input))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0)
  return { size, own: Math.round((size * own) / output.bytes) }
}

const byRolldown = async (program: string): Promise<number> => {
  const bundle = await rolldown({ input: program, platform: "node", external: builtin, logLevel: "silent" })
  const { output } = await bundle.generate({ format: "esm", minify: true })
  await bundle.close()
  return compressed(output.map((chunk) => chunk.type === "chunk" ? chunk.code : "").join("\n"))
}

const bundled: Array<Bundled> = []
for (const program of process.argv.slice(2)) {
  const { own, size } = await byEsbuild(program)
  bundled.push({ esbuild: size, rolldown: await byRolldown(program), own })
}
answer(bundled)
