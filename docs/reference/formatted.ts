import { spawnSync } from "node:child_process"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")
const end = "// end of a declaration"

/** An object that is the only argument of a type stands beside the brackets, not within them. */
const hugged = (text: string): string => {
  const lines = text.split("\n")
  for (let line = lines.length - 2; line >= 0; line--) {
    const indent = /^ *(?=\{$)/.exec(lines[line + 1] ?? "")?.[0]
    if (indent === undefined || lines[line]?.endsWith("<") !== true) continue
    const last = lines.indexOf(`${indent}}`, line + 1)
    if (last < 0 || /^ *>/.exec(lines[last + 1] ?? "")?.[0] !== `${indent.slice(2)}>`) continue
    const inner = lines.slice(line + 2, last).map((content) => content.slice(2))
    const closing = `${indent.slice(2)}}${lines[last + 1]?.trimStart()}`
    lines.splice(line, last + 2 - line, `${lines[line]}{`, ...inner, closing)
  }
  return lines.join("\n")
}

/** dprint takes a comment after an open end for a part of the declaration. */
const ended = (declaration: string): string => /[;}]$/.test(declaration) ? declaration : `${declaration};`

/** Declarations in the form in which the code of the repository is written, on narrower lines. */
export const formatted = (declarations: ReadonlyArray<string>): ReadonlyArray<string> => {
  const { error, status, stderr, stdout } = spawnSync(
    join(root, "node_modules/.bin/dprint"),
    ["fmt", "--config", join(import.meta.dirname, "signatures.dprint.json"), "--stdin", "declarations.ts"],
    { encoding: "utf8", input: declarations.map((text) => `${ended(text)}\n${end}\n`).join(""), maxBuffer: 2 ** 26 }
  )
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(stderr)
  return stdout.split(end).slice(0, -1).map((declaration) => hugged(declaration.trim()))
}
