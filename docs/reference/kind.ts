import type { Node } from "typescript/unstable/ast"
import { isClassDeclaration, isTypeReferenceNode, isVariableDeclaration } from "typescript/unstable/ast/is"
import type { Declarations, Exported } from "./declarations.ts"
import { namedBy } from "./reached.ts"
import { printed } from "./statement.ts"

/** What an export is to its users, in the order in which a page shows them. */
export const kinds = ["service", "layer", "function", "effect", "constant", "schema", "class", "error", "type"] as const

export type Kind = (typeof kinds)[number]

/** The declared type of the value of an export, in one line; empty for what has none. */
export const valueTypeOf = ({ emitter }: Declarations, { declarations }: Exported): string => {
  const [variable] = declarations.filter(isVariableDeclaration)
  return variable?.type === undefined ? "" : printed(emitter, variable.type)
}

/** What a class extends. TypeScript keeps its type in a constant beside the class. */
export const baseOf = (declarations: Declarations, exported: Exported): Exported | undefined =>
  exported.declarations.filter(isClassDeclaration).flatMap((node) => namedBy(declarations, node))
    .find(({ name }) => name === `${exported.symbol.name}_base`)

/** What an export is. */
export const kindOf = (declarations: Declarations, exported: Exported): Kind => {
  if (exported.declarations.some(isClassDeclaration)) {
    const base = baseOf(declarations, exported)
    const type = base === undefined ? "" : valueTypeOf(declarations, base)
    if (type.startsWith("Context.ServiceClass<")) return "service"
    return type.startsWith("Schema.Class<") ? "error" : "class"
  }
  if (!exported.declarations.some(isVariableDeclaration)) return "type"
  const type = valueTypeOf(declarations, exported)
  if (/^(?:Schema\.|\w*Schema\b)/.test(type)) return "schema"
  if (/^(?:\(|<).*=> Layer\.Layer<|^Layer\.Layer</.test(type)) return "layer"
  if (type.startsWith("Effect.Effect<")) return "effect"
  return /^[(<]/.test(type) ? "function" : "constant"
}

/** The shape of a service: what TypeScript keeps as the last argument of its base. */
export const shapeOf = (declarations: Declarations, exported: Exported): Node | undefined => {
  const type = baseOf(declarations, exported)?.declarations.find(isVariableDeclaration)?.type
  return type !== undefined && isTypeReferenceNode(type) ? type.typeArguments?.at(-1) : undefined
}
