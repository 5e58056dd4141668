/** Types as users think of them: by the names that the package gives them, and with the fields that they use. */
import { NodeBuilderFlags, type Symbol, SymbolFlags, type Type } from "typescript/unstable/sync"
import { type Declarations, declarationsOf, type Exported } from "./declarations.ts"
import { kindOf } from "./kind.ts"

export interface Field {
  readonly name: string
  readonly isOptional: boolean
  readonly type: string
}

export interface Types {
  /** A type, by the names of its parts. `own` is the name that is described, which does not stand for itself. */
  readonly text: (type: Type, own?: string) => string
  /** The fields of the type of an export, without those that every error and every effect has. */
  readonly fieldsOf: (exported: Exported) => ReadonlyArray<Field>
}

/** A field as a line of an interface. */
export const lineOf = ({ isOptional, name, type }: Field): string => `readonly ${name}${isOptional ? "?" : ""}: ${type}`

/** What every error has, and what makes it an effect. */
const isCommon = (name: string): boolean => /^(?:~|__@)|^(?:name|stack|cause|message|toString|toJSON|pipe)$/.test(name)

/** TypeScript prints these names without their modules. */
const withModules = (text: string): string =>
  text.replaceAll(/(?<![\w.])Utc\b/g, "DateTime.Utc")
    .replaceAll(/(?<![\w.])Duration\b(?!\.)/g, "Duration.Duration")
    .replaceAll(/(?<![\w.])Redacted</g, "Redacted.Redacted<")

/** `A & A` is `A`. */
const once = (text: string): string => text.replace(/^(.+?)(?: & \1)+$/, "$1")

/** Puts a name for a type that is spelled out, but not for a part of a longer union. */
const named = (text: string, spelledOut: string, name: string): string => {
  const pattern = spelledOut.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  return text.replaceAll(new RegExp(`\\(${pattern}\\)|(?<!" \\| )${pattern}(?! \\| ")`, "g"), name)
}

/** Describes types by the names of exports. */
export const typesBy = (declarations: Declarations, exported: ReadonlyArray<Exported>): Types => {
  const { checker, fileOf } = declarations
  const flags = NodeBuilderFlags.NoTruncation | NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope
  const print = (type: Type): string => checker.typeToString(type, undefined, flags)

  const fieldOf = (symbol: Symbol, text: (type: Type) => string): Field => {
    const type = checker.getTypeOfSymbol(symbol)
    if (type === undefined) throw new Error(`${symbol.name} has no type`)
    const isOptional = (symbol.flags & SymbolFlags.Optional) !== 0
    const whole = text(type)
    return { name: symbol.name, isOptional, type: isOptional ? whole.replace(/ \| undefined$/, "") : whole }
  }

  /** The tag comes first, then what the export declares itself, then what it inherits. */
  const rankOf = (symbol: Symbol, file: string): readonly [place: number, position: number] => {
    const nodes = declarationsOf(symbol)
    const own = nodes.find((node) => fileOf(node) === file)
    const node = own ?? nodes[0]
    if (symbol.name === "_tag") return [0, 0]
    return node === undefined ? [3, 0] : [own === undefined ? 2 : 1, node.pos]
  }

  const propertiesOf = ({ file, symbol }: Exported): ReadonlyArray<Symbol> =>
    checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
      .filter(({ name }) => (symbol.flags & SymbolFlags.Class) === 0 || !isCommon(name))
      .map((property) => ({ property, rank: rankOf(property, file) }))
      .toSorted((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1])
      .map(({ property }) => property)

  /** The schemas whose types TypeScript spells out, and how. */
  const spelledOut = exported.flatMap((each) => {
    if (kindOf(declarations, each) !== "schema" || (each.symbol.flags & SymbolFlags.Type) === 0) return []
    const text = print(checker.getDeclaredTypeOfSymbol(each.symbol))
    if (text !== each.symbol.name) return [{ name: each.name, text }]
    const lines = propertiesOf(each).map((symbol) => {
      const field = fieldOf(symbol, print)
      return lineOf(field.isOptional ? { ...field, type: `${field.type} | undefined` } : field)
    })
    return lines.length < 2 ? [] : [{ name: each.name, text: `{ ${lines.map((line) => `${line}; `).join("")}}` }]
  }).toSorted((a, b) => b.text.length - a.text.length)

  const text = (type: Type, own?: string): string =>
    once(withModules(spelledOut.reduce(
      (shorter, each) => each.name === own ? shorter : named(shorter, each.text, each.name),
      print(type)
    )))

  return {
    text,
    fieldsOf: (each) => propertiesOf(each).map((symbol) => fieldOf(symbol, (type) => text(type, each.name)))
  }
}
