import { setImmediate as turn } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { mapAhead } from '../../src/jobs/map-ahead.js';

async function* numbers(count: number, pulled: number[] = []): AsyncGenerator<number> {
  for (let number = 1; number <= count; number += 1) {
    pulled.push(number);
    yield number;
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

it('maps several items at a time and keeps their order', async () => {
  let underWay = 0;
  let most = 0;

  const results = await collect(
    mapAhead(numbers(20), 4, async (number) => {
      most = Math.max(most, (underWay += 1));
      for (let turns = 20 - number; turns >= 0; turns -= 1) await turn();
      underWay -= 1;
      return number * 2;
    }),
  );

  expect(results).toEqual(Array.from({ length: 20 }, (_, index) => (index + 1) * 2));
  expect(most).toBe(4);
});

it('pulls no item ahead when one is under way at a time', async () => {
  const pulled: number[] = [];
  const results = mapAhead(numbers(5, pulled), 1, async (number) => number);

  await results.next();

  expect(pulled).toEqual([1]);
  await results.return();
});

it('throws the error of an item when it is its turn', async () => {
  const seen: number[] = [];
  const mapped = mapAhead(numbers(5), 5, async (number) => {
    if (number === 3) throw new Error('third');
    return number;
  });

  const failing = (async () => {
    for await (const number of mapped) seen.push(number);
  })();

  await expect(failing).rejects.toThrow('third');
  expect(seen).toEqual([1, 2]);
});
