/**
 * TypeScript spells types out wherever they are used. Where such a text is that of an exported schema or service, a name
 * says more: `typeof Cents`, `Orders["Service"]`.
 */
import type { Node } from "typescript/unstable/ast"
import { isTypeReferenceNode, isVariableDeclaration } from "typescript/unstable/ast/is"
import type { Declarations, Exported } from "./declarations.ts"
import { kindOf, shapeOf } from "./kind.ts"
import { printed } from "./statement.ts"

/** Puts names for what is spelled out in a text, but for the name that the text itself declares. */
export type Shorter = (text: string, own: string) => string

interface Named {
  readonly name: string
  /** What stands for the text. */
  readonly short: string
  readonly text: string
}

/** A type that is a name already. */
const isBare = (type: Node): boolean => isTypeReferenceNode(type) && type.typeArguments === undefined

/** What an export gives a name to. */
const namedBy = (declarations: Declarations, exported: Exported): ReadonlyArray<Named> => {
  const { emitter } = declarations
  const { declarations: nodes, name } = exported
  switch (kindOf(declarations, exported)) {
    case "schema":
      return nodes.filter(isVariableDeclaration).flatMap(({ type }) =>
        type === undefined || isBare(type) ? [] : [{ name, short: `typeof ${name}`, text: printed(emitter, type) }]
      )
    case "service": {
      const shape = shapeOf(declarations, exported)
      return shape === undefined ? [] : [{ name, short: `${name}["Service"]`, text: printed(emitter, shape) }]
    }
    default:
      return []
  }
}

/** Gives the function that puts the names of these exports. */
export const shorterBy = (declarations: Declarations, exported: ReadonlyArray<Exported>): Shorter => {
  const all = exported.flatMap((each) => namedBy(declarations, each))
  // A text that several names stand for stays as it is.
  const clear = [...Map.groupBy(all, ({ text }) => text).values()].flatMap((group) => group.length === 1 ? group : [])
  const longestFirst = clear.toSorted((a, b) => b.text.length - a.text.length)
  return (text, own) =>
    longestFirst.reduce(
      (shorter, each) => each.name === own ? shorter : shorter.replaceAll(each.text, each.short),
      text
    )
}
