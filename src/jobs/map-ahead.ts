/**
 * Maps items, several at a time, and yields the results in the order of the items.
 *
 * @param ahead - how many may be under way; with 1, the next item is pulled only when a result was taken.
 * @param map - a rejection is thrown when it is the turn of its item.
 */
export async function* mapAhead<T, R>(
  items: AsyncIterable<T>,
  ahead: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underWay: Promise<R>[] = [];
  for await (const item of items) {
    const result = map(item);
    // Until it is its turn.
    result.catch(() => {});
    underWay.push(result);
    if (underWay.length >= ahead) yield await underWay.shift()!;
  }
  for (const result of underWay) yield await result;
}
