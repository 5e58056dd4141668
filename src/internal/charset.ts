/**
 * The charset of a body.
 */

/** The charset that a content type names, or UTF-8. */
export const charsetOf = (contentType: string | null | undefined): string =>
  /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? "")?.[1]?.toLowerCase() ?? "utf-8"

const utf8 = new TextDecoder()

/** The text of a body. A body in an unknown charset is read as UTF-8. A byte order mark is not part of the text. */
export const decodeText = (bytes: ArrayBuffer | Uint8Array, charset = "utf-8"): string => {
  if (charset === "utf-8") return utf8.decode(bytes)
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return utf8.decode(bytes)
  }
}
