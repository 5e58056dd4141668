/**
 * Text that does not leave the process: where an error or a receipt is encoded, as by an endpoint that fails with it, a
 * placeholder stands for the text. Effect's own codec of a `Redacted` writes what is in it.
 */
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

/** A `Redacted` that is encoded as `<redacted>`, and decoded as what `absent` makes of that. */
export const withheld = <S extends Schema.Constraint>(
  value: S,
  absent: (placeholder: string) => Redacted.Redacted<S["Encoded"]>
) =>
  Schema.Redacted(value).annotate({
    toCodecJson: () =>
      Schema.link<Redacted.Redacted<S["Encoded"]>>()(Schema.String, {
        decode: SchemaGetter.transform(absent),
        encode: SchemaGetter.transform(String)
      })
  })
