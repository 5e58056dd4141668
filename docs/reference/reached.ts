import type { Node } from "typescript/unstable/ast"
import { isIdentifier } from "typescript/unstable/ast/is"
import { SymbolFlags } from "typescript/unstable/sync"
import { type Declarations, declarationsOf, type Exported } from "./declarations.ts"

/** What says which declaration is meant: the name that it declares, and the file. */
export const identityOf = ({ file, symbol }: Exported): string => `${file}#${symbol.name}`

const identifiersIn = (node: Node): ReadonlyArray<Node> => {
  const found: Array<Node> = []
  const visit = (child: Node): void => {
    if (isIdentifier(child)) found.push(child)
    child.forEachChild(visit)
  }
  visit(node)
  return found
}

/** Whatever a module can declare, and not what belongs to such a declaration, such as a field or a parameter. */
const ofModules = SymbolFlags.Class | SymbolFlags.Interface | SymbolFlags.TypeAlias | SymbolFlags.BlockScopedVariable

/** What a declaration names of the package itself. */
export const namedBy = ({ checker, fileOf }: Declarations, node: Node): ReadonlyArray<Exported> =>
  checker.getSymbolAtLocation(identifiersIn(node)).flatMap((found) => {
    if (found === undefined) return []
    const symbol = (found.flags & SymbolFlags.Alias) === 0 ? found : checker.getAliasedSymbol(found)
    if ((symbol.flags & ofModules) === 0) return []
    const declarations = declarationsOf(symbol)
    const file = declarations[0] && fileOf(declarations[0])
    return file === undefined ? [] : [{ name: symbol.name, symbol, declarations, file }]
  })

/** All that can be seen through exports without being one of them, such as the type of a parameter. */
export const reachedFrom = (
  declarations: Declarations,
  exported: ReadonlyArray<Exported>
): ReadonlyArray<Exported> => {
  const seen = new Set(exported.map(identityOf))
  const reached: Array<Exported> = []
  const next = [...exported]
  for (let each = next.pop(); each !== undefined; each = next.pop()) {
    for (const named of each.declarations.flatMap((node) => namedBy(declarations, node))) {
      if (seen.has(identityOf(named))) continue
      seen.add(identityOf(named))
      reached.push(named)
      next.push(named)
    }
  }
  return reached
}
