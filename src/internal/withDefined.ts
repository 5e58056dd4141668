/**
 * Absent fields stay absent, instead of being there with nothing in them.
 */

const isDefined = <A>(value: A): value is Exclude<A, undefined> => value !== undefined

/** The fields of an object that are set. */
export const withDefined = <A extends object>(fields: A): { readonly [K in keyof A]?: Exclude<A[K], undefined> } => {
  const defined: { [K in keyof A]?: Exclude<A[K], undefined> } = {}
  for (const name in fields) {
    const value = fields[name]
    if (Object.hasOwn(fields, name) && isDefined(value)) defined[name] = value
  }
  return defined
}
