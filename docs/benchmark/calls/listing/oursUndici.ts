import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { readAllOn } from "./ours.ts"

export const readAll = readAllOn(NodeHttpClient.layerUndici)
