/**
 * How the simulated server treats one request where its fault asks for more than a broken answer. It comes with the
 * request, so that what is wrong with it (token, path, body) is still found when it arrives.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

/** What a fault asks of the server for its request. */
export interface Treatment {
  /** How long after its arrival the request is carried out. */
  readonly actsAfter: Duration.Duration
  /** How old a state of the orders is shown, if not as old as the simulator shows to everybody. */
  readonly staleness: Duration.Duration | undefined
}

/** The treatment of a request without such a fault: carried out at once, shown what everybody is shown. */
export const asUsual: Treatment = { actsAfter: Duration.zero, staleness: undefined }

/** The treatment of the request that is being answered. */
export const Handling = Context.Reference<Treatment>("effect-flexfactor/testing/Handling", {
  defaultValue: () => asUsual
})
