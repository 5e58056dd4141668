import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { openOn } from "./httpApi.ts"

export const open = openOn(NodeHttpClient.layerUndici)
