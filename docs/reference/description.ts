/** What a page says of one export. */
import type { Node } from "typescript/unstable/ast"
import {
  isInterfaceDeclaration,
  isIntersectionTypeNode,
  isPropertySignatureDeclaration,
  isTypeAliasDeclaration,
  isTypeLiteralNode,
  isVariableDeclaration
} from "typescript/unstable/ast/is"
import { SymbolFlags } from "typescript/unstable/sync"
import type { Declarations, Exported } from "./declarations.ts"
import { type Docstring, docstringOf } from "./docstring.ts"
import { baseOf, type Kind, kindOf, shapeOf } from "./kind.ts"
import { namedBy } from "./reached.ts"
import { elided, withNamedParameters } from "./signature.ts"
import type { Shorter } from "./spelledOut.ts"
import { printed, statementOf } from "./statement.ts"
import { lineOf, type Types } from "./types.ts"

/** A member that is described by itself, such as an operation of a service. */
export interface Member {
  readonly name: string
  /** A statement of TypeScript. */
  readonly signature: string
  readonly docstring: Docstring
}

export interface Description {
  readonly exported: Exported
  /** The heading under which it stands: its name, and its kind where another has the same name but for the case. */
  readonly heading: string
  readonly kind: Kind
  /** Statements of TypeScript; empty where `oneOf` says more. */
  readonly signature: string
  /** Whether it is a schema besides, which the signature does not show. */
  readonly isSchemaToo: boolean
  readonly docstring: Docstring
  readonly members: ReadonlyArray<Member>
  /** The names of the errors of which this is one. */
  readonly oneOf: ReadonlyArray<string>
}

/** Of several comments on one name, such as those on a schema and on its type, the one that says most. */
const longest = (docstrings: ReadonlyArray<Docstring>): Docstring =>
  docstrings.reduce((one, other) => other.text.length > one.text.length ? other : one, { text: "", examples: [] })

/** A schema that takes more than this is left out where its type is shown. */
const longestSchema = 100

/**
 * Makes descriptions. `errors` are the names of the errors of the package, in the order in which they are listed, and
 * `isShown` tells what has a description of its own.
 */
export const describer = (
  declarations: Declarations,
  types: Types,
  shorter: Shorter,
  errors: ReadonlyArray<string>,
  isShown: (exported: Exported) => boolean
): (exported: Exported) => Description => {
  const { checker, emitter } = declarations

  const statementsOf = ({ declarations: nodes, name }: Exported): ReadonlyArray<string> =>
    nodes.map((node) => withNamedParameters(shorter(statementOf(emitter, node), name)))

  /** The members that have a docstring of their own. */
  const membersIn = (nodes: ReadonlyArray<Node>, own: string): ReadonlyArray<Member> =>
    nodes.filter(isPropertySignatureDeclaration).flatMap((node) => {
      const docstring = docstringOf(node)
      if (docstring.text === "") return []
      const line = printed(emitter, node).replace(/^readonly /, "").replace(/;$/, "")
      const name = /^\w+/.exec(line)?.[0] ?? ""
      return [{
        name,
        signature: withNamedParameters(`declare let ${shorter(line.replace(/^(\w+)\?:/, "$1:"), own)}`),
        docstring
      }]
    })

  /** The declaration, and those of the types that it names and that nobody else describes. */
  const withHidden = (exported: Exported, statement: string): string => {
    const hidden = exported.declarations.flatMap((node) => namedBy(declarations, node))
      .filter((named) => !isShown(named) && named.declarations.some(isTypeAliasDeclaration))
    const names = new Map(hidden.map((named) => [named.name, named]))
    return [statement, ...[...names.values()].flatMap(statementsOf)].join("\n")
  }

  const fieldsOf = (exported: Exported): string => types.fieldsOf(exported).map(lineOf).join("; ")

  const service = (exported: Exported) => {
    const { name } = exported
    const shape = shapeOf(declarations, exported)
    if (shape === undefined) return {}
    const literals = [shape, ...(isIntersectionTypeNode(shape) ? shape.types : [])].filter(isTypeLiteralNode)
    return {
      signature: `type ${name} = ${shorter(printed(emitter, shape), name)}`,
      members: literals.flatMap(({ members }) => membersIn(members, name))
    }
  }

  /** The type of a schema; and the schema, if it is short, or says more than that it is one. */
  const schema = (exported: Exported) => {
    const { declarations: nodes, name, symbol } = exported
    const values = nodes.filter(isVariableDeclaration).map((node) => shorter(statementOf(emitter, node), name))
    if ((symbol.flags & SymbolFlags.Type) === 0) return { signature: values.join("\n") }
    const [alias] = nodes.filter(isTypeAliasDeclaration).map((node) => statementOf(emitter, node))
    const resolved = `type ${name} = ${types.text(checker.getDeclaredTypeOfSymbol(symbol), name)}`
    const fields = fieldsOf(exported)
    const type = alias === undefined
      ? fields === ""
        ? statementsOf(exported).filter((text) => text.startsWith("interface")).join("")
        : `interface ${name} { ${fields} }`
      : alias.includes("typeof ")
      ? resolved
      : alias
    const shown = values.filter((text) => text.length <= longestSchema || text.includes("> & {"))
    return { signature: [type, ...shown].join("\n"), isSchemaToo: shown.length < values.length }
  }

  const alias = (exported: Exported, statement: string) => {
    const type = checker.getDeclaredTypeOfSymbol(exported.symbol)
    const parts = (type.isUnionType() ? type.getTypes() ?? [] : [type]).map((part) => types.text(part))
    if (parts.every((part) => errors.includes(part))) {
      const isNamed = (part: string): boolean => new RegExp(`\\b${part}\\b`).test(statement)
      const rank = (part: string): number => (isNamed(part) ? 0 : errors.length) + errors.indexOf(part)
      return { signature: "", oneOf: parts.toSorted((a, b) => rank(a) - rank(b)) }
    }
    const isSpelledOut = type.isUnionType() && statement.includes("typeof ")
    return { signature: isSpelledOut ? `type ${exported.name} = ${parts.join(" | ")}` : statement }
  }

  const klass = (exported: Exported) => {
    const [variable] = baseOf(declarations, exported)?.declarations.filter(isVariableDeclaration) ?? []
    const base = variable?.type === undefined
      ? ""
      : elided(emitter, variable.type, (text) => shorter(text, exported.name))
    return { signature: `declare class ${exported.name} extends ${base} {}` }
  }

  const constant = (exported: Exported, statement: string) => {
    const [variable] = exported.declarations.filter(isVariableDeclaration)
    if (variable?.type === undefined) return {}
    const type = elided(emitter, variable.type, (text) => shorter(text, exported.name))
    return { signature: statement.replace(/:.*$/, `: ${type}`) }
  }

  return (exported) => {
    const kind = kindOf(declarations, exported)
    const docstring = longest(exported.declarations.map(docstringOf))
    const statement = statementsOf(exported).join("\n")
    const [node] = exported.declarations
    const plain: Description = {
      exported,
      heading: exported.name,
      kind,
      docstring,
      signature: statement,
      isSchemaToo: false,
      members: [],
      oneOf: []
    }
    switch (kind) {
      case "service":
        return { ...plain, ...service(exported) }
      case "error":
        return { ...plain, signature: `declare class ${exported.name} extends Error { ${fieldsOf(exported)} }` }
      case "schema":
        return { ...plain, ...schema(exported) }
      case "class":
        return { ...plain, ...klass(exported) }
      case "constant":
        return { ...plain, ...constant(exported, statement) }
      case "type":
        return node !== undefined && isInterfaceDeclaration(node)
          ? { ...plain, members: membersIn(node.members, exported.name) }
          : { ...plain, ...alias(exported, statement) }
      case "function":
      case "effect":
      case "layer":
        return { ...plain, signature: withHidden(exported, statement) }
    }
  }
}
