/**
 * The processes of the demo: runners, which are killed, and the producer.
 */
import { NodeSocketServer } from "@effect/platform-node"
import { Data, Deferred, Effect, type PlatformError, type Redacted, ScopedRef } from "effect"
import { FlexFactorSimulator } from "effect-flexfactor/testing"
import { ChildProcess, type ChildProcessSpawner } from "effect/process"
import { fileURLToPath } from "node:url"

/** What the processes are told by their environment. */
export interface Environment {
  readonly database: Redacted.Redacted
  readonly flexFactor: string
}

/** A process ended that should not have: nobody had killed it. */
export class ProcessEnded extends Data.TaggedError("ProcessEnded")<{ readonly name: string; readonly status: number }> {
  override get message(): string {
    return `${this.name} ended with exit status ${this.status}`
  }
}

const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair

const program = (file: string, { database, flexFactor }: Environment, more: Record<string, string> = {}) =>
  ChildProcess.make(process.execPath, [
    ...process.execArgv,
    "--no-warnings",
    "--import",
    new URL("endWithDemo.ts", import.meta.url).href,
    fileURLToPath(new URL(file, import.meta.url))
  ], {
    stdin: "pipe",
    stdout: "inherit",
    stderr: "inherit",
    killSignal: "SIGKILL",
    extendEnv: true,
    env: {
      DATABASE_URL: database,
      FLEXFACTOR_ENVIRONMENT: "sandbox",
      FLEXFACTOR_BASE_URL: flexFactor,
      FLEXFACTOR_APP_KEY: appKey,
      FLEXFACTOR_APP_SECRET: appSecret,
      FLEXFACTOR_TIMEOUT: "2 seconds",
      ...more
    }
  })

/** Runs the producer, until all that it asks for has a verdict. */
export const runProducer = (environment: Environment) =>
  Effect.gen(function*() {
    const { exitCode } = yield* program("producer.ts", environment)
    const status = yield* exitCode
    if (status !== 0) return yield* new ProcessEnded({ name: "the producer", status })
  }).pipe(Effect.scoped)

/** A port that nobody listens on. */
const freePort = Effect.scoped(
  Effect.map(
    NodeSocketServer.make({ host: "127.0.0.1", port: 0 }),
    ({ address }) => "port" in address ? address.port : 0
  )
)

/**
 * A runner at an address of its own.
 *
 * `replace` kills it and starts another one at the same address, which takes over what the first one had, at once. At
 * another address that would take as long as `shardLockExpiration`, 35 seconds. `ended` fails if one ends by itself.
 */
export interface Runner {
  readonly port: number
  readonly replace: Effect.Effect<void, PlatformError.PlatformError, ChildProcessSpawner.ChildProcessSpawner>
  readonly ended: Effect.Effect<never, ProcessEnded>
}

/** Starts a runner. */
export const makeRunner = Effect.fnUntraced(function*(environment: Environment) {
  const port = yield* freePort
  const ended = yield* Deferred.make<never, ProcessEnded>()
  const start = program("runner.ts", environment, { PORT: String(port) }).pipe(
    Effect.tap(({ exitCode }) =>
      exitCode.pipe(
        Effect.flatMap((status) =>
          Deferred.fail(ended, new ProcessEnded({ name: `the runner at port ${port}`, status }))
        ),
        // Without an exit status it was killed, as it should be.
        Effect.ignore,
        Effect.forkScoped
      )
    )
  )
  const current = yield* ScopedRef.fromAcquire(start)
  const runner: Runner = {
    port,
    ended: Deferred.await(ended),
    replace: Effect.gen(function*() {
      const { kill } = yield* ScopedRef.get(current)
      yield* kill({ killSignal: "SIGKILL" })
      yield* ScopedRef.set(current, start)
    })
  }
  return runner
})
