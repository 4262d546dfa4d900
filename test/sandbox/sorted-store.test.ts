import { array, assert, boolean, integer, nat, property, record } from 'fast-check';
import { expect, it } from 'vitest';

import { SortedStore } from '../../src/sandbox/sorted-store.js';

interface Numbered {
  readonly number: number;
}

const STEPS = array(record({ isAdded: boolean(), number: nat(2000) }), { maxLength: 400 });

function storeOf(numbers: Iterable<number>): SortedStore<Numbered, Numbered> {
  const store = new SortedStore<Numbered, Numbered>((one, other) => one.number - other.number);
  for (const number of numbers) store.add({ number });
  return store;
}

it('returns the items that were added and not removed, in order, from any position', () => {
  assert(
    property(STEPS, integer({ min: -1, max: 2001 }), (steps, position) => {
      const store = storeOf([]);
      const model = new Map<number, Numbered>();
      for (const { isAdded, number } of steps) {
        const item = model.get(number) ?? { number };
        if (!isAdded) {
          store.remove(item);
          model.delete(number);
        } else if (!model.has(number)) {
          store.add(item);
          model.set(number, item);
        }
      }
      const all = [...model.values()].sort((one, other) => one.number - other.number);
      expect([...store.after()]).toEqual(all);
      expect([...store.after({ number: position })]).toEqual(all.filter(({ number }) => number > position));
      expect(store.size).toBe(all.length);
    }),
  );
});

it('keeps the order of many items, however they arrive', () => {
  const numbers = Array.from({ length: 5000 }, (_, index) => (index * 1999) % 5003);
  const store = storeOf(numbers);
  const sorted = [...numbers].sort((one, other) => one - other);
  expect([...store.after()].map(({ number }) => number)).toEqual(sorted);
  const even = [...store.after()].filter(({ number }) => number % 2 === 0);
  for (const item of even) store.remove(item);
  expect([...store.after({ number: 2500 })].map(({ number }) => number)).toEqual(
    sorted.filter((number) => number % 2 === 1 && number > 2500),
  );
});
