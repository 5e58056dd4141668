/**
 * Absent fields stay absent, instead of being there with nothing in them.
 */

/** Leaves out what is not set, so that an absent field is absent. */
export const withDefined = <A extends object>(fields: { readonly [K in keyof A]: A[K] | undefined }): Partial<A> =>
  // oxlint-disable-next-line no-unsafe-type-assertion -- what is undefined is left out, and the rest is as it was
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<A>
