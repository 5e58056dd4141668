import { describe, it } from "@effect/vitest"
import { layerMemory } from "../../src/RefundJournal.ts"
import { declareBehaviours } from "./behaviours.ts"

describe("The journal in memory", () => declareBehaviours(it.live, layerMemory))
