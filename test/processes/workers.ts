/**
 * Starts worker processes, gives them jobs, and kills them.
 */
import { Deferred, Effect, Exit, Queue, type Scope } from "effect"
import { fork } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { RefundPolicy } from "../../src/Refunds.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import type { FromWorker, Job, Report, Setup } from "./protocol.ts"
import type { SimulatorServer } from "./simulatorServer.ts"

const program = fileURLToPath(new URL("worker.ts", import.meta.url))

/** A disk in memory, where there is one: the end of a process loses nothing of it, and it waits for no hardware. */
const disk = existsSync("/dev/shm") ? "/dev/shm" : tmpdir()

/** A folder that lives as long as its scope. */
export const temporaryFolder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(disk, "refunds-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/**
 * Workers of a simulator and of one new journal file, with patience in small. What FlexFactor does late, it does well
 * within the settle window, also on a machine that is busy; and a call is only given up if that does nothing for seconds.
 */
export const setUp = Effect.fnUntraced(function*(
  { url }: SimulatorServer,
  policy: RefundPolicy = {}
): Effect.fn.Return<Setup, never, Scope.Scope> {
  return {
    url,
    keyPair: FlexFactorSimulator.defaultKeyPair,
    journal: join(yield* temporaryFolder, "journal.sqlite"),
    policy: {
      settleWindow: "1500 millis",
      readingGap: "50 millis",
      patience: "30 seconds",
      sendTimeout: "6 seconds",
      ...policy
    },
    timeout: 5000
  }
})

/** Compiled code that the workers of a test share, so that they start sooner. */
const compiled = join(tmpdir(), "effect-flexfactor-compiled-tests")

export interface Worker {
  /** Gives it a job. It does not wait for the end of it. */
  readonly begin: (job: Job) => Effect.Effect<void>
  /** Waits for the report on a job; there is none if the process is killed. That it fails by itself is a defect. */
  readonly report: Effect.Effect<Report | undefined>
  /** Kills it, so that it does nothing more, and waits until it is gone. */
  readonly kill: Effect.Effect<void>
}

/** Starts a program that is killed at the end of its scope at the latest, and waits until it is ready for a job. */
export const startProgram = Effect.fnUntraced(function*(
  program: string,
  setup: object
): Effect.fn.Return<Worker, never, Scope.Scope> {
  const messages = yield* Queue.unbounded<FromWorker>()
  const ended = yield* Deferred.make<string | null>()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const child = fork(program, [JSON.stringify(setup)], {
        execArgv: ["--conditions=effect-flexfactor-source", "--no-warnings"],
        env: { ...process.env, NODE_COMPILE_CACHE: compiled },
        serialization: "json"
      })
      child.on("message", (message) => Queue.offerUnsafe(messages, message as FromWorker))
      child.once("error", () => {})
      child.once("close", (_, signal) => Deferred.doneUnsafe(ended, Exit.succeed(signal)))
      return child
    }),
    (child) => Effect.andThen(Effect.sync(() => child.kill("SIGKILL")), Deferred.await(ended))
  )

  const next: Effect.Effect<FromWorker | undefined> = Effect.raceFirst(
    Queue.take(messages),
    Effect.flatMap(
      Deferred.await(ended),
      (signal) => signal === "SIGKILL" ? Effect.undefined : Effect.die(new Error("the worker ended by itself"))
    )
  )
  yield* next

  return {
    begin: (job) => Effect.sync(() => child.send(job)),
    report: Effect.map(next, (message) => message === "ready" ? undefined : message),
    kill: Effect.andThen(Effect.sync(() => child.kill("SIGKILL")), Deferred.await(ended))
  }
})

/** Starts a worker. */
export const startWorker = (setup: Setup): Effect.Effect<Worker, never, Scope.Scope> => startProgram(program, setup)

/** Does one job in a process of its own; without a report if the process died. */
export const work = (setup: Setup, job: Job): Effect.Effect<Report | undefined> =>
  Effect.scoped(Effect.flatMap(startWorker(setup), (worker) => Effect.andThen(worker.begin(job), worker.report)))
