/**
 * The variables of an endpoint: its keys and its hosts, with commas between several.
 */
import * as Config from "effect/Config"
import * as Redacted from "effect/Redacted"

const listed = (text: string): ReadonlyArray<string> => text.split(",").map((part) => part.trim())

export const keyConfig = (): Config.Config<ReadonlyArray<Redacted.Redacted<string>>> =>
  Config.map(
    Config.Redacted("FLEXFACTOR_WEBHOOK_KEY"),
    (keys) => listed(Redacted.value(keys)).map((key) => Redacted.make(key))
  )

export const hostConfig = (): Config.Config<ReadonlyArray<string>> =>
  Config.map(Config.String("FLEXFACTOR_WEBHOOK_HOST"), listed)
