import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { ExternalOrderId, OrderId } from "../src/index.ts"

const messageOf = (run: () => unknown): string => {
  try {
    return `accepted: ${String(run())}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Ids that leave their path segment, or may in some proxy, each with the rule that they break. */
const hostile: ReadonlyArray<readonly [name: string, id: string, rule: RegExp]> = [
  ["an empty text", "", /must not be empty/],
  ["a dot", ".", /path step/],
  ["two dots", "..", /path step/],
  ["a step up", "../", /slash/],
  ["a step up to another order", "../refund", /slash/],
  ["a slash", "a/b", /slash/],
  ["a leading slash", "/a", /slash/],
  ["a backslash", "a\\b", /backslash/],
  ["an encoded slash", "%2F", /percent sign/],
  ["encoded dots", "%2e%2e", /percent sign/],
  ["doubly encoded dots", "%252e%252e", /percent sign/],
  ["a line break", "a\r\nb", /control characters/],
  ["a header after a line break", "a\r\nx-admin: 1", /control characters/],
  ["a tab", "a\tb", /control characters/],
  ["a NUL", "a\u0000", /control characters/],
  ["a DEL", "a\u007F", /control characters/],
  ["a C1 control character", "a\u0085b", /control characters/],
  ["a line separator", "a\u2028b", /control characters/],
  ["a lone high surrogate", "a\uD800", /surrogate/],
  ["a lone low surrogate", "\uDC00a", /surrogate/],
  ["10 kB", "a".repeat(10_240), /longer than 128 characters/],
  ["129 characters", "a".repeat(129), /longer than 128 characters/],
  ["a space", " ", /space/],
  ["a leading space", " a", /space/],
  ["a trailing space", "a ", /space/],
  ["a trailing no-break space", "a\u00A0", /space/]
]

/** Ids that are harmless once encoded, but nothing that FlexFactor makes. */
const unlike: ReadonlyArray<readonly [name: string, id: string]> = [
  ["a question mark", "?"],
  ["a query", "a?b=c"],
  ["a fragment", "a#b"],
  ["a space within", "a b"],
  ["a letter with an accent", "\u00E9"],
  ["an emoji", "\u{1F642}"],
  ["a full-width slash", "a\uFF0Fb"],
  ["markup", "<b>"],
  ["a quotation mark", "\"a\""]
]

describe("OrderId", () => {
  for (
    const id of [
      "e97b1ff1-4449-46da-bc6c-a76d23f16353",
      "E97B1FF1-4449-46DA-BC6C-A76D23F16353",
      "00000000-0000-0000-0000-000000000000",
      "1001",
      "a".repeat(128),
      "..."
    ]
  ) {
    it(`accepts ${id.slice(0, 40)}`, () => {
      assert.strictEqual(OrderId.make(id), id)
    })
  }

  for (const [name, id, rule] of hostile) {
    it(`refuses ${name} and names itself and the rule`, () => {
      const message = messageOf(() => OrderId.make(id))
      assert.match(message, /^OrderId must /)
      assert.match(message, rule)
    })
  }

  for (const [name, id] of unlike) {
    it(`refuses ${name}: it is no id that FlexFactor makes`, () => {
      assert.match(messageOf(() => OrderId.make(id)), /^OrderId must contain only letters, digits/)
    })
  }

  it("does not repeat a refused id in the message", () => {
    for (const [, id] of hostile) {
      if (id.length > 4) assert.notInclude(messageOf(() => OrderId.make(id)), id)
    }
  })

  for (const value of [undefined, null, 7, {}, ["a"], Symbol.iterator]) {
    it(`refuses ${typeof value} when code without types passes it`, () => {
      assert.isFalse(Schema.is(OrderId)(value))
    })
  }
})

describe("ExternalOrderId", () => {
  for (
    const id of [
      "#1001",
      "1001?",
      "A 1001",
      "Bestellung-\u00FC-7",
      "\u6CE8\u6587\u756A\u53F7",
      "\u{1F642}",
      "a&b=c;d",
      "..a"
    ]
  ) {
    it(`accepts ${id}`, () => {
      assert.strictEqual(ExternalOrderId.make(id), id)
    })
  }

  for (const [name, id, rule] of hostile) {
    it(`refuses ${name} and names itself and the rule`, () => {
      const message = messageOf(() => ExternalOrderId.make(id))
      assert.match(message, /^ExternalOrderId must /)
      assert.match(message, rule)
    })
  }
})

// Texts made of what breaks URLs, mixed with ordinary characters.
const fragments = [
  ..."az09.~:@!$&'()*+,;=-_",
  ..."/\\%?#[]{}|^\"<> \t\r\n\u0000\u0085\u00A0\u2028\u2029\uFEFF\uFF0F\u2025\u2024",
  "..",
  "../",
  "%2F",
  "%2e",
  "%",
  "\u{1F642}",
  "\uD800",
  "\uDC00",
  "\u00E9",
  "e\u0301",
  "\u0130",
  "\u4E2D"
]
const hostileText = Arbitrary.array(Arbitrary.schema(Schema.Literals(fragments)), { minLength: 1, maxLength: 6 }).pipe(
  Arbitrary.map((parts) => parts.join(""))
)
const anyText = Arbitrary.schema(Schema.NonEmptyString)

const decoders = [["OrderId", OrderId], ["ExternalOrderId", ExternalOrderId]] as const
const texts = [["of hostile parts", hostileText], ["of any characters", anyText]] as const

describe("an id in a path", () => {
  for (const [name, schema] of decoders) {
    const accepted = Schema.is(schema)
    for (const [kind, text] of texts) {
      it.prop(`stays one segment, whatever text ${kind} passes as ${name}`, {
        id: Arbitrary.filter(text, (id) => accepted(id))
      }, ({ id }) => {
        const url = new URL(`https://h/v1/orders/${encodeURIComponent(id)}/refund`)
        const segments = url.pathname.split("/")
        assert.strictEqual(url.host, "h")
        assert.strictEqual(url.search + url.hash, "")
        assert.strictEqual(segments.length, 5)
        assert.isTrue(url.pathname.endsWith("/refund"))
        assert.strictEqual(decodeURIComponent(segments[3] ?? ""), id)
      }, { arbitrary: { runs: 1000, maxDiscards: 100_000 } })
    }
  }
})
