/**
 * What a run of the benchmark finds out: `undefined` is what was not measured.
 */
import type { BundleResult } from "./bundles.ts"
import type { ImportResult } from "./imports.ts"
import type { ListingResults } from "./listings.ts"
import type { CallResults } from "./rounds.ts"
import type { SimulatorRates } from "./simulatorProcess.ts"

export interface Results {
  readonly calls: CallResults | undefined
  readonly listings: ListingResults | undefined
  readonly imports: ReadonlyArray<ImportResult> | undefined
  readonly bundles: ReadonlyArray<BundleResult> | undefined
  readonly simulator: SimulatorRates | undefined
}
