/** Declarations as readers want them, in place of what the compiler wrote. */
import type { Node } from "typescript/unstable/ast"
import { isTypeReferenceNode } from "typescript/unstable/ast/is"
import type { Emitter } from "typescript/unstable/sync"
import { formatted } from "./formatted.ts"
import { printed } from "./statement.ts"

/** Stands for what is left out, where only a type may stand. */
const leftOut = "LeftOut"

/** A type that takes more than this is shown without its long arguments. */
const longestType = 150
const longestArgument = 80

/** A type without those of its arguments that nobody reads. */
export const elided = (emitter: Emitter, node: Node, shorter: (text: string) => string): string => {
  const text = shorter(printed(emitter, node))
  if (text.length <= longestType || !isTypeReferenceNode(node)) return text
  const texts = (node.typeArguments ?? []).map((argument) => shorter(printed(emitter, argument)))
  const shown = texts.map((argument) => argument.length > longestArgument ? leftOut : argument)
  return `${printed(emitter, node.typeName)}<${shown.join(", ")}>`
}

/** A parameter that the code takes apart has no name: it gets the last word of its type. */
export const withNamedParameters = (text: string): string =>
  text.replaceAll(
    /\{ [\w, ]+ \}(\??): (\w*?)([A-Z][a-z]+)\b(?!\.)/g,
    (_, optional: string, first: string, last: string) => `${last.toLowerCase()}${optional}: ${first}${last}`
  )

/** A service is a class; its shape is what its users call. */
const asService = (text: string, name: string): string => {
  const shape = text.replace(/^type \w+ =\s+/, "")
  // dprint indents the parts of an intersection.
  const inLine = /^& \w+\n +& \{\n/.test(shape)
    ? shape.replace(/^& (\w+)\n +& /, "$1 & ").replaceAll(/^ {2}/gm, "")
    : shape
  return `class ${name} extends Context.Service<${name}, ${inLine}> {}`
}

/** Statements in the form in which pages show them. `services` are the names of those that are services. */
export const shownStatements = (
  statements: Iterable<string>,
  services: ReadonlySet<string>
): (statement: string) => string => {
  const all = [...new Set(statements)]
  const texts = formatted(all)
  const shown = new Map(all.map((statement, index) => {
    const text = texts[index]?.replaceAll(/^declare (?:let )?/gm, "").replaceAll(leftOut, "...") ?? ""
    const name = /^type (\w+) =/.exec(text)?.[1]
    return [statement, name !== undefined && services.has(name) ? asService(text, name) : text]
  }))
  return (statement) => shown.get(statement) ?? ""
}
