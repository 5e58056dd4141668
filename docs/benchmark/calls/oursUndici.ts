import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { openOn } from "./ours.ts"

export const open = openOn(NodeHttpClient.layerUndici)
