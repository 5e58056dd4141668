import type { Node } from "typescript/unstable/ast"
import { isClassDeclaration, isVariableDeclaration } from "typescript/unstable/ast/is"
import type { Emitter } from "typescript/unstable/sync"
import { withSortedUnions } from "./sortedUnions.ts"

/** A node on one line, without comments, and without the paths of what it names of the package. */
export const printed = (emitter: Emitter, node: Node): string =>
  emitter.printNode(node).replaceAll(/\s*\n\s*/g, " ").replaceAll(/import\("\.[^"]*"\)\./g, "")

/** What TypeScript made for a class to extend. */
const isBase = (node: Node): boolean => isVariableDeclaration(node) && node.name.getText().endsWith("_base")

/** A declaration as a statement of its own, on one line, without comments and without `export`. */
export const statementOf = (emitter: Emitter, node: Node): string => {
  const text = printed(emitter, isBase(node) ? withSortedUnions(emitter, node) : node)
    .replace(/^export /, "").replace(/^declare /, "")
  if (isVariableDeclaration(node)) return `declare const ${text}`
  return isClassDeclaration(node) ? `declare ${text}` : text
}
