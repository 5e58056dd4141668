/**
 * Absent fields stay absent, instead of being there with nothing in them.
 */

/** The fields of an object that are set. */
export const withDefined = <A extends object>(fields: A): { readonly [K in keyof A]?: Exclude<A[K], undefined> } =>
  // oxlint-disable-next-line no-unsafe-type-assertion -- what is undefined is left out, and the rest is as it was
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof A]?: Exclude<A[K], undefined>
  }
