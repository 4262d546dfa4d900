/** The columns with their indexes; those that yield to another come last. */
export function inOrderOfChoice<Column extends { readonly yields: boolean }>(
  columns: readonly Column[],
): readonly (readonly [index: number, column: Column])[] {
  return [...columns.entries()].toSorted(([, one], [, other]) => Number(one.yields) - Number(other.yields));
}

/** Of two columns for the login, such as `sAMAccountName` and `userPrincipalName`, the one with addresses is it. */
export function loginsWithoutAddress<Column extends { readonly values: readonly string[] }>(
  logins: readonly Column[],
): ReadonlySet<Column> {
  const others = logins.filter(({ values }) => !values.some((value) => value.includes('@')));
  return new Set(others.length < logins.length ? others : []);
}
