import type { Row } from '../rows/row.js';

/** How many rows can decide what an ambiguous column means. */
export const SAMPLE_ROWS = 20;

/** The cells of some rows. */
export type Samples = readonly (readonly string[])[];

/**
 * Takes the cells of the first rows, without changing what a reader of all rows gets: an error among them is thrown when it is
 * its turn.
 *
 * @returns `batches` must be read, like those that were given.
 */
export async function takeSamples<R extends Row>(
  batches: AsyncIterable<readonly R[]>,
): Promise<{ readonly samples: Samples; readonly batches: AsyncIterable<readonly R[]> }> {
  const iterator = batches[Symbol.asyncIterator]();
  const taken: (readonly R[])[] = [];
  const samples: (readonly string[])[] = [];
  let failure: { readonly error: unknown } | undefined;
  let isDone = false;
  try {
    while (samples.length < SAMPLE_ROWS && !isDone) {
      const next = await iterator.next();
      isDone = next.done === true;
      if (next.done === true) break;
      taken.push(next.value);
      samples.push(...next.value.slice(0, SAMPLE_ROWS - samples.length).map(({ cells }) => cells));
    }
  } catch (error) {
    failure = { error };
  }
  const all = async function* (): AsyncGenerator<readonly R[], void, undefined> {
    try {
      yield* taken;
      if (failure !== undefined) throw failure.error;
      while (!isDone) {
        const next = await iterator.next();
        isDone = next.done === true;
        if (next.done !== true) yield next.value;
      }
    } finally {
      // A reader that leaves early closes the file.
      if (!isDone && failure === undefined) await iterator.return?.();
    }
  };
  return { samples, batches: all() };
}
