import { FetchHttpClient } from "effect/http"
import { openOn } from "./ours.ts"

export const open = openOn(FetchHttpClient.layer)
