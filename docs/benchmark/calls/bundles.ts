/**
 * Measures how large the smallest program that reads an order is, bundled.
 */
import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import { type Contender, contenders } from "./contenders.ts"
import { result } from "./processes.ts"

/** Sizes in bytes, minified and compressed by gzip. */
export interface Bundled {
  readonly esbuild: number
  readonly rolldown: number
  /** What effect-flexfactor itself has in the bundle of esbuild. */
  readonly own: number
}

export interface BundleResult extends Bundled {
  readonly contender: Contender
}

const program = new URL("../clients/bundle.ts", import.meta.url)

export const measureBundles: Effect.Effect<ReadonlyArray<BundleResult>> = result<ReadonlyArray<Bundled>>(
  program,
  ...contenders.map((contender) => fileURLToPath(contender.program))
).pipe(
  Effect.map((bundled) =>
    contenders.flatMap((contender, index) => {
      const sizes = bundled[index]
      return sizes === undefined ? [] : [{ contender, ...sizes }]
    })
  )
)
