import type { Node } from "typescript/unstable/ast"
import { createUnionTypeNode } from "typescript/unstable/ast/factory"
import { isUnionTypeNode } from "typescript/unstable/ast/is"
import { visitEachChild } from "typescript/unstable/ast/visitor"
import type { Emitter } from "typescript/unstable/sync"

/**
 * The same node with the members of its unions in the order of their texts. TypeScript 7 writes the members of a union
 * that nobody wrote in another order each time.
 */
export const withSortedUnions = (emitter: Emitter, node: Node): Node => {
  const visited = visitEachChild(node, (child) => withSortedUnions(emitter, child))
  if (!isUnionTypeNode(visited)) return visited
  const members = visited.types.map((type) => ({ type, text: emitter.printNode(type) }))
  return createUnionTypeNode(members.toSorted((a, b) => a.text < b.text ? -1 : 1).map(({ type }) => type))
}
