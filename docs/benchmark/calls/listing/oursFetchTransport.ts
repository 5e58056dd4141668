import * as FetchTransport from "effect-flexfactor/FetchTransport"
import { readAllOn } from "./ours.ts"

export const readAll = readAllOn(FetchTransport.layer)
