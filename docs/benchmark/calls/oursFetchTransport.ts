import * as FetchTransport from "effect-flexfactor/FetchTransport"
import { openOn } from "./ours.ts"

export const open = openOn(FetchTransport.layer)
