import type { Node } from "typescript/unstable/ast"
import { isVariableDeclaration } from "typescript/unstable/ast/is"

/** What the comment above a declaration says. */
export interface Docstring {
  /** In Markdown. */
  readonly text: string
  /** Programs, without the fences around them. */
  readonly examples: ReadonlyArray<string>
}

const nothing: Docstring = { text: "", examples: [] }

/** Reads the inside of a comment, with its stars. */
export const readComment = (comment: string): Docstring => {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
  const [text = "", ...examples] = lines.join("\n").split(/^@example$/m)
  return {
    text: text.trim(),
    examples: examples.map((example) => example.trim().replace(/^```ts\n/, "").replace(/\n```$/, ""))
  }
}

/** The comment right before a declaration. */
export const docstringOf = (node: Node): Docstring => {
  const statement = isVariableDeclaration(node) ? node.parent.parent : node
  const { text } = statement.getSourceFile()
  const before = text.slice(statement.getFullStart(), statement.getStart())
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(before)?.[1]
  return comment === undefined ? nothing : readComment(comment)
}

/** What the comment at the top of a source says, before anything is declared. */
export const openingOf = (source: string): string =>
  readComment(
    /^(?:\/\/\/.*\n)*\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?=import|export (?:\*|\{|type \{))/.exec(source)?.[1] ?? ""
  ).text

/** The first sentence of a text, on one line. */
export const firstSentence = (text: string): string => {
  const [paragraph = ""] = text.split(/\n\s*\n|\n- /)
  const line = paragraph.replaceAll(/\s*\n\s*/g, " ").trim()
  return (/^.*?\.(?= [A-Z`]|$)/.exec(line)?.[0] ?? line).replace(/(?:, and)?[.:,]?$/, "")
}
