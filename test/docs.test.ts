/**
 * Holds the documents to what the library is: every TypeScript block compiles, every link leads somewhere, and every
 * error is described.
 */
import { assert, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { byStatus, RefundDoubt } from "../src/index.ts"

const root = resolve(import.meta.dirname, "..")
const read = (file: string): string => readFileSync(join(root, file), "utf8")

const guides = globSync(["README.md", "CHANGELOG.md", "docs/*.md"], { cwd: root }).toSorted()
const documents = [...guides, ...globSync("docs/api/**/*.md", { cwd: root }).toSorted()]
const sources = globSync("src/**/*.ts", { cwd: root }).toSorted()

/** A TypeScript block of a document. `line` is the line of the document on which its code begins, from 0. */
interface Block {
  readonly document: string
  readonly line: number
  readonly code: string
}

/** The blocks between code fences. In a source file they stand in a comment, whose stars are not part of the code. */
const blocksOf = (document: string, text: string, prefix: RegExp): ReadonlyArray<Block> => {
  const blocks: Array<Block> = []
  let open: { readonly line: number; readonly code: Array<string> } | undefined
  for (const [line, raw] of text.split("\n").entries()) {
    const content = raw.replace(prefix, "")
    if (open === undefined) {
      if (content.trimEnd() === "```ts" && prefix.test(raw)) open = { line: line + 1, code: [] }
    } else if (content.startsWith("```")) {
      blocks.push({ document, line: open.line, code: open.code.join("\n") })
      open = undefined
    } else {
      open.code.push(content)
    }
  }
  return blocks
}

const inDocuments = documents.flatMap((document) => blocksOf(document, read(document), /(?:)/))
const inSources = sources.flatMap((source) => blocksOf(source, read(source), /^\s*\* ?/))

/** What the compiler says against the blocks, each complaint by the document and the line where it can be mended. */
const complaintsAgainst = (blocks: ReadonlyArray<Block>): ReadonlyArray<string> => {
  const blocksFolder = join(root, "test/.blocks")
  mkdirSync(blocksFolder, { recursive: true })
  const folder = mkdtempSync(join(blocksFolder, "run-"))
  try {
    for (const [index, { code, line }] of blocks.entries()) {
      // The code keeps the line that it has in its document.
      writeFileSync(join(folder, `block${index}.ts`), `${"\n".repeat(line)}${code}\n`)
    }
    const config = {
      extends: "../../../tsconfig.json",
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: ["*.ts"]
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config))
    const tsc = spawnSync(process.execPath, [
      join(root, "node_modules/typescript/bin/tsc"),
      "-p",
      ".",
      "--pretty",
      "false"
    ], {
      cwd: folder,
      encoding: "utf8"
    })
    const complaints = `${tsc.stdout}${tsc.stderr}`.split("\n").filter((text) => text.trim() !== "").map((text) =>
      text.replace(/^block(\d+)\.ts\((\d+),\d+\)/, (whole, index: string, line: string) => {
        const document = blocks[Number(index)]?.document
        return document === undefined ? whole : `${document}:${line}`
      })
    )
    return tsc.status === 0 || complaints.length > 0 ? complaints : [`tsc ended with ${tsc.status}`]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const compileTime = 120_000

it("compiles every TypeScript block of the documents", () => {
  assert.isAbove(inDocuments.length, 0, "no block was found")
  assert.deepStrictEqual(complaintsAgainst(inDocuments), [])
}, compileTime)

it("compiles every example of the sources", () => {
  assert.isAbove(inSources.length, 0, "no example was found")
  assert.deepStrictEqual(complaintsAgainst(inSources), [])
}, compileTime)

it("finds a block that does not compile, by its document and line", () => {
  const text = ["# A title", "", "```ts", "const fine = 1", "const broken: string = 1", "```"].join("\n")
  const [complaint] = complaintsAgainst(blocksOf("docs/broken.md", text, /(?:)/))
  assert.match(complaint ?? "", /^docs\/broken\.md:5: error TS2322/)
}, compileTime)

it("sends refunds over no transport that may send them twice, as `layerUndici` may over HTTP/2", () => {
  const examples = globSync("docs/examples/**/*.ts", { cwd: root }).map((file) => ({
    document: file,
    code: read(file)
  }))
  assert.isAbove(examples.length, 0, "no example was found")
  const risky = [...examples, ...inDocuments, ...inSources].filter(({ code }) =>
    /\blayerUndici(?:Options)?\b(?!.*allowH2: false)/.test(code)
  )
  assert.deepStrictEqual(risky.map(({ document }) => document), [])
})

/** The name under which a heading can be linked to. */
const anchorOf = (heading: string): string =>
  heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-")

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, "")

const anchorsOf = (document: string): ReadonlyArray<string> =>
  [...withoutCode(read(document)).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ""))

/** What is wrong with the relative links of a document. */
const deadLinksOf = (document: string): ReadonlyArray<string> =>
  [...withoutCode(read(document)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    if (/^[a-z]+:/i.test(link)) return []
    const [path = "", anchor] = link.split("#")
    const target = path === "" ? document : relative(root, resolve(root, dirname(document), path))
    if (!existsSync(join(root, target))) return [`${document}: ${link}`]
    const isFound = anchor === undefined || !target.endsWith(".md") || anchorsOf(target).includes(anchor)
    return isFound ? [] : [`${document}: ${link}`]
  })

it("has no relative link that leads nowhere", () => {
  assert.include(documents, "README.md")
  assert.deepStrictEqual(documents.flatMap(deadLinksOf), [])
})

const tagsIn = (source: string): ReadonlyArray<string> =>
  [...read(source).matchAll(/^export class (\w+)/gm)].map(([, tag = ""]) => tag)

it("describes every error in docs/errors.md, each status with its own", () => {
  const tags = sources.filter((source) => source.startsWith("src/OrdersError/")).flatMap(tagsIn)
  const rows = Object.entries(byStatus).map(([status, { name }]) => `| ${status} | \`${name}\` |`)
  assert.isAbove(tags.length, 0, "no error was found")
  const text = read("docs/errors.md")
  assert.deepStrictEqual([...tags.map((tag) => `\`${tag}\``), ...rows].filter((part) => !text.includes(part)), [])
})

it("describes every error of Refunds in docs/errors.md, and every one of webhooks in docs/webhooks.md", () => {
  const missing = ([["src/RefundsError.ts", "docs/errors.md"], ["src/WebhookError.ts", "docs/webhooks.md"]] as const)
    .flatMap(([source, document]) => {
      const tags = tagsIn(source)
      assert.isAbove(tags.length, 0, `no error was found in ${source}`)
      return tags.filter((tag) => !read(document).includes(`\`${tag}\``))
    })
  assert.deepStrictEqual(missing, [])
})

it("describes every doubt in docs/errors.md, and says in docs/refunds.md what to look for", () => {
  const missing = RefundDoubt.literals.flatMap((doubt) => [
    ...(read("docs/errors.md").includes(`| \`"${doubt}"\` |`) ? [] : [`errors.md: ${doubt}`]),
    ...(new RegExp(`^\\| .*\`"${doubt}"\`.* \\| .* \\| .* \\|$`, "m").test(read("docs/refunds.md"))
      ? []
      : [`refunds.md: ${doubt}`])
  ])
  assert.deepStrictEqual(missing, [])
})

it("names every source file in docs/architecture.md", () => {
  const text = read("docs/architecture.md")
  const names = sources.map((source) => source.replace(/^src\/(internal\/|testing\/)?/, ""))
  assert.deepStrictEqual(names.filter((name) => !text.includes(`\`${name}\``)), [])
})
