/**
 * Puts an item that was already taken from a generator back in front of the rest.
 *
 * Unlike a bare `yield* rest`, closes `rest` even if the reader leaves at `first`.
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
