/**
 * Turns an answer that is not a success into the error of its status, out of the table of the operation.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { FlexFactorUnexpectedStatus, type Operation } from "../OrdersError.ts"
import type { StatusErrorOf, StatusTable } from "../OrdersError/tables.ts"
import type { Answer } from "./answer.ts"
import { retryAfterOf } from "./answerHeaders.ts"
import { readErrorBody } from "./errorBody.ts"
import { ownFields } from "./jsonObject.ts"
import { withDefined } from "./withDefined.ts"

/** The error of an answer that is FlexFactor's own and not a success. */
export const statusError = <Table extends StatusTable>(
  table: Table,
  operation: Operation,
  answer: Answer
): Effect.Effect<never, StatusErrorOf<Table>> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const ErrorClass = ownFields<StatusTable>(table)[answer.status] ?? FlexFactorUnexpectedStatus
    const error = new ErrorClass(ownFields({
      operation,
      status: answer.status,
      ...readErrorBody(answer),
      ...withDefined({ retryAfter: retryAfterOf(answer, now) })
    }))
    // oxlint-disable-next-line no-unsafe-type-assertion -- a class out of the table makes an error of the table
    return Effect.fail(error as StatusErrorOf<Table>)
  })
