import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { readAllOn } from "./ours.ts"

export const readAll = readAllOn(FetchHttpClient.layer)
