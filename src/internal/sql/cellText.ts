/**
 * A text as a database can keep it.
 */

/** PostgreSQL keeps no NUL character and SQLite does not read past it: each becomes U+FFFD. */
export const cellText = (text: string): string => text.replaceAll("\u0000", "\uFFFD")
