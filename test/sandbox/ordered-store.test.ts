import { array, assert, constant, integer, nat, oneof, property, record } from 'fast-check';
import { expect, it } from 'vitest';

import { OrderedStore } from '../../src/sandbox/ordered-store.js';

const STEPS = array(
  oneof(
    record({ kind: constant('add' as const), gap: integer({ min: 1, max: 3 }) }),
    record({ kind: constant('remove' as const), ordinal: nat(400) }),
  ),
  { maxLength: 400 },
);

it('returns the items that were added and not removed, in order, from any cursor', () => {
  assert(
    property(STEPS, nat(400), (steps, cursor) => {
      const store = new OrderedStore<string>();
      const model = new Map<number, string>();
      let last = 0;
      for (const step of steps) {
        if (step.kind === 'remove') {
          store.remove(step.ordinal);
          model.delete(step.ordinal);
          continue;
        }
        last += step.gap;
        store.add(last, `item ${last}`);
        model.set(last, `item ${last}`);
      }
      const expected = [...model].filter(([ordinal]) => ordinal > cursor).map(([, item]) => item);
      expect([...store.after(cursor)]).toEqual(expected);
      expect([...store.after()]).toEqual([...model.values()]);
      expect(store.size).toBe(model.size);
    }),
  );
});
