/**
 * Puts back what was taken from a generator in order to look at it.
 *
 * Closes `rest` also when the reader leaves at `first`, which a bare `yield* rest` would not.
 */
export async function* prepend<T>(
  first: T,
  rest: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}
