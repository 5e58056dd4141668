/**
 * What a test and its runner processes say to each other.
 */
import type { DurableRefunds } from "../../src/workflow/index.ts"
import type { Job, Report } from "../processes/protocol.ts"

/** How a runner is set up, as the one argument of its program, in JSON. */
export interface Setup {
  /** Where FlexFactor is. */
  readonly url: string
  readonly keyPair: { readonly appKey: string; readonly appSecret: string }
  /** The PostgreSQL that the runners share. */
  readonly database: string
  /** Where the other runners reach this one. */
  readonly port: number
  readonly policy: DurableRefunds.DurablePolicy
  /** How far its clock is ahead, in milliseconds. */
  readonly ahead: number
  /** The deadline of a call to FlexFactor, in milliseconds. */
  readonly timeout: number
}

/** A runner that has loaded says so; then it reports on each job. */
export type FromRunner = "ready" | Report

export type { Job, Report }
