import * as NodeTransport from "effect-flexfactor/NodeTransport"
import { readAllOn } from "./ours.ts"

export const readAll = readAllOn(NodeTransport.layer)
