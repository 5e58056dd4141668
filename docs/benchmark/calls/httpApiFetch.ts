import { FetchHttpClient } from "effect/http"
import { openOn } from "./httpApi.ts"

export const open = openOn(FetchHttpClient.layer)
