/**
 * The processes that the benchmark starts, and how it asks them.
 */
import { Effect, type Scope } from "effect"
import { type ChildProcess, fork } from "node:child_process"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Where Node keeps modules compiled. A process that finds its own there does not load what takes the types out. */
const compiled = join(tmpdir(), "effect-flexfactor-benchmark")

/**
 * Starts a module as a process that ends with the scope. It keeps the code that V8 would throw away in the long pauses
 * between its rounds.
 */
export const start = (module: URL, ...args: ReadonlyArray<string>): Effect.Effect<ChildProcess, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() =>
      fork(module, args, {
        env: { ...process.env, NODE_COMPILE_CACHE: compiled },
        execArgv: [...process.execArgv, "--no-flush-bytecode", "--no-warnings"],
        stdio: ["ignore", "inherit", "inherit", "ipc"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** The next message of a process, which may be the answer to a question. A process that ends without one is a defect. */
export const hear = <A>(child: ChildProcess, question?: object): Effect.Effect<A> =>
  Effect.callback<A>((resume) => {
    const onMessage = (message: unknown) => {
      child.off("exit", onExit)
      resume(Effect.succeed(message as A))
    }
    const onExit = (code: number | null) => {
      child.off("message", onMessage)
      resume(Effect.die(new Error(`${child.spawnargs.slice(1).join(" ")} ended with ${code}`)))
    }
    child.once("message", onMessage)
    child.once("exit", onExit)
    if (question !== undefined) child.send(question)
  })

/** Starts a process, hears one message of it, and ends it. */
export const result = <A>(module: URL, ...args: ReadonlyArray<string>): Effect.Effect<A> =>
  Effect.scoped(Effect.flatMap(start(module, ...args), (child) => hear<A>(child)))

/** Measures against a server of its own. */
export const onServer = <A, E>(measure: (baseUrl: string) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.scoped(Effect.gen(function*() {
    const server = yield* start(new URL("server.ts", import.meta.url))
    return yield* measure(yield* hear<string>(server))
  }))
