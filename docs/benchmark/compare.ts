/**
 * Measures the calls of effect-flexfactor as it was at a commit beside those of the present one, in one run.
 *
 *   npm run bench:compare -- <commit> [--seconds 225] [--write docs/benchmark.md]
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem } from "effect"
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { baseline, type Contender, contenders } from "./calls/contenders.ts"
import { placeOfComparison, writeDocument } from "./calls/document.ts"
import { onServer } from "./calls/processes.ts"
import { measureCalls } from "./calls/rounds.ts"
import { callTable } from "./calls/tables.ts"
import { machine } from "./calls/versions.ts"
import { alone, together } from "./calls/workloads.ts"

const { positionals: [commit], values } = parseArgs({
  options: { seconds: { type: "string", default: "225" }, write: { type: "string" } },
  allowPositionals: true
})
if (commit === undefined) throw new Error("name the commit to compare with")

const rounds = 7
const root = fileURLToPath(new URL("../..", import.meta.url))
const git = (...args: ReadonlyArray<string>): string =>
  execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim()

/** The package as it was, built in a folder of its own, with the benchmark as it is. */
const checkout = Effect.acquireRelease(
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const folder = join(yield* fs.makeTempDirectory(), "package")
    git("worktree", "add", "--detach", folder, commit)
    yield* fs.symlink(join(root, "node_modules"), join(folder, "node_modules"))
    yield* fs.copy(join(root, "docs/benchmark/calls"), join(folder, "docs/benchmark/calls"), { overwrite: true })
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "src"], { cwd: folder })
    return folder
  }),
  (folder) => Effect.sync(() => git("worktree", "remove", "--force", folder))
)

const shared = ["oursFetch", "oursUndici"]

const compare = Effect.gen(function*() {
  const folder = yield* checkout
  const now = contenders.filter(({ kind }) => kind === "ours")
  const before = now.filter(({ name }) => shared.includes(name)).map((contender): Contender => ({
    ...contender,
    name: `${contender.name} before`,
    label: `${contender.label}, before`,
    module: pathToFileURL(join(folder, "docs/benchmark/calls", `${contender.name}.ts`))
  }))
  const compared = [baseline, ...before, ...now]
  const calls = yield* onServer((baseUrl) => measureCalls(compared, baseUrl, Number(values.seconds), rounds))
  const date = git("show", "--no-patch", "--format=%cs", commit)
  const report = [
    `\`npm run bench:compare -- ${git("rev-parse", "--short", commit)}\`, ${
      new Date().toISOString().slice(0, 10)
    }, ${machine()}. `
    + `Before is the commit of ${date}. Processor time of a call, compared with ${baseline.label}; one at a time:`,
    callTable(calls, "cpu", alone, compared),
    `${together} at once:`,
    callTable(calls, "cpu", together, compared)
  ].join("\n\n")
  yield* Console.log(report)
  if (values.write !== undefined) yield* writeDocument(values.write, placeOfComparison, report, [])
}).pipe(Effect.scoped)

NodeRuntime.runMain(Effect.provide(compare, NodeServices.layer))
