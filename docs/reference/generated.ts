/** All that is written from the declarations of the built package. */
import { join } from "node:path"
import { withDeclarations } from "./declarations.ts"
import { pagesOf } from "./pages.ts"
import { surfaceOf } from "./surface.ts"

/** Below the repository: the record of what users see, and the reference. */
export const surfaceFile = "test/package/api-surface.md"
export const pagesFolder = "docs/api"

export interface Generated {
  readonly surface: string
  /** By their paths below the repository. */
  readonly pages: ReadonlyMap<string, string>
}

/** Writes from the package in a folder, which has to be built. */
export const generate = (folder: string): Generated =>
  withDeclarations(folder, (declarations) => ({
    surface: surfaceOf(declarations),
    pages: new Map(
      [...pagesOf(folder, declarations)].map(([path, text]) => [join(pagesFolder, path), text])
    )
  }))
