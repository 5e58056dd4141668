import { execFile } from "node:child_process"
import { assert } from "vitest"

/** A program that ran to its end. */
export interface Ended {
  readonly succeeded: boolean
  readonly output: string
  readonly complaints: string
}

/** Runs a program in a folder. */
export const start = (folder: string, program: string, ...words: ReadonlyArray<string>): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(program, words, { cwd: folder, maxBuffer: 2 ** 26 }, (error, output, complaints) => {
      resolve({ succeeded: error === null, output, complaints })
    })
  })

/** Runs a program that has to succeed, and gives what it printed. */
export const outputOf = async (folder: string, program: string, ...words: ReadonlyArray<string>): Promise<string> => {
  const { complaints, output, succeeded } = await start(folder, program, ...words)
  assert.isTrue(succeeded, `${program} ${words.join(" ")}\n${output}${complaints}`)
  return output
}
