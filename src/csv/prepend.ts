/** A generator that ends with an error. */
// oxlint-disable-next-line require-yield -- It has no items.
export async function* throwing<T>(error: unknown): AsyncGenerator<T, void, undefined> {
  throw error;
}

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
