import * as NodeTransport from "effect-flexfactor/NodeTransport"
import { openOn } from "./ours.ts"

export const open = openOn(NodeTransport.layer)
