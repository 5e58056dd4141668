/**
 * Writes the reference and the record of what users see, from the declarations of the built package.
 *
 *   npm run api:write
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { generate, pagesFolder, surfaceFile } from "./generated.ts"

const root = resolve(import.meta.dirname, "../..")
const { pages, surface } = generate(root)

rmSync(join(root, pagesFolder), { recursive: true, force: true })
for (const [path, text] of [...pages, [surfaceFile, surface] as const]) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
console.log(`wrote ${surfaceFile} and ${pages.size} pages in ${pagesFolder}`)
