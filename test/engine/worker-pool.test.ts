import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { CompletedRow, RowOutcome } from '../../src/rows/outcome.js';
import type { Operation, Planned } from '../../src/rows/operation.js';
import { runWorkers } from '../../src/engine/worker-pool.js';
import { Cancellation } from '../../src/rows/cancellation.js';
import { createdOutcome, createOf, rowOf } from './build.js';

/** Operations that end when the test says so, in its order. */
class Workers {
  underWay: { readonly row: number; readonly finish: () => void; readonly fail: (error: unknown) => void }[] =
    [];
  most = 0;
  farthest = 0;
  readonly begun: number[] = [];

  readonly apply = ({ row }: Operation): Promise<RowOutcome> => {
    this.begun.push(row.row);
    return new Promise((resolve, reject) => {
      const end = (act: () => void) => () => {
        this.underWay = this.underWay.filter((other) => other !== mine);
        act();
      };
      const mine = {
        row: row.row,
        finish: end(() => resolve(createdOutcome(row.row))),
        fail: (error: unknown) => end(() => reject(error))(),
      };
      this.underWay.push(mine);
      this.most = Math.max(this.most, this.underWay.length);
      this.farthest = Math.max(this.farthest, row.row - Math.min(...this.underWay.map((each) => each.row)));
    });
  };
}

function decided(row: number): Planned {
  const outcome = { ...createdOutcome(row), status: 'invalid', problems: [] } as const;
  return { kind: 'decided', row: rowOf(row), outcome };
}

/** Lets everything run that can run by itself. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function* one(): AsyncGenerator<Planned> {
  yield createOf(1);
}

/** Groups items into batches of `size`. */
async function* inBatches(items: AsyncIterable<Planned>, size = 1): AsyncGenerator<readonly Planned[]> {
  let batch: Planned[] = [];
  try {
    for await (const item of items) {
      batch.push(item);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}

/** Yields the rows of batches one by one. */
async function* singly(batches: AsyncIterable<readonly CompletedRow[]>): AsyncGenerator<CompletedRow> {
  for await (const batch of batches) yield* batch;
}

function throwAtOnce(): never {
  throw new Error('A bug.');
}

/** Takes one step after the other until nothing is left to wait for. */
async function untilOver(consumed: Promise<void>, step: () => void): Promise<void> {
  const state = { isOver: false };
  const over = consumed.finally(() => (state.isOver = true));
  while (!state.isOver) {
    step();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await over;
}

it('names a failed or invalid row before another operation is started, and no other row', async () => {
  const cancellation = new Cancellation();
  const started: number[] = [];
  const failed: number[] = [];
  const apply = async ({ row }: Operation): Promise<RowOutcome> => {
    started.push(row.row);
    const outcome = createdOutcome(row.row);
    return row.row === 3
      ? {
          ...outcome,
          status: 'failed',
          error: { message: 'It failed.', errorCode: 'E0000001', requestId: undefined },
        }
      : outcome;
  };
  const onFailure = ({ row }: RowOutcome): void => {
    failed.push(row);
    if (row === 3) cancellation.abort({ kind: 'stop-condition', condition: 'one row failed' });
  };
  const statuses: string[] = [];
  const planned = (async function* () {
    yield [createOf(1), decided(2), createOf(3), createOf(4), createOf(5)];
  })();
  for await (const batch of runWorkers(planned, apply, { concurrency: 1, cancellation, onFailure })) {
    statuses.push(...batch.map(({ outcome }) => outcome.status));
  }

  expect(failed).toEqual([2, 3]);
  expect(started).toEqual([1, 3]);
  expect(statuses).toEqual(['created', 'invalid', 'failed', 'not-attempted', 'not-attempted']);
});

const running = { concurrency: 3, cancellation: new Cancellation() };

describe('the output', () => {
  it('has every row exactly once, whatever the mix, the order of completion and the concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.infiniteStream(fc.nat()),
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        async (isOperation, concurrency, choices, isSlowSource, batchSize) => {
          const workers = new Workers();
          async function* source(): AsyncGenerator<Planned> {
            for (const [index, is] of isOperation.entries()) {
              if (isSlowSource) await new Promise((resolve) => setImmediate(resolve));
              yield is ? createOf(index + 1) : decided(index + 1);
            }
          }
          const finished: CompletedRow[] = [];
          const consumed = (async () => {
            const planned = inBatches(source(), batchSize);
            for await (const item of singly(
              runWorkers(planned, workers.apply, { ...running, concurrency }),
            )) {
              finished.push(item);
            }
          })();
          await untilOver(consumed, () => {
            const choice = choices.next().value;
            workers.underWay[choice % Math.max(1, workers.underWay.length)]?.finish();
          });

          const rows = finished.map(({ row }) => row.row).sort((one, other) => one - other);
          expect(rows).toEqual(isOperation.map((_, index) => index + 1));
          expect(finished.every(({ row, outcome }) => outcome.row === row.row)).toBe(true);
          const statuses = finished
            .sort((one, other) => one.row.row - other.row.row)
            .map(({ outcome }) => outcome.status);
          expect(statuses).toEqual(isOperation.map((is) => (is ? 'created' : 'invalid')));
          expect(workers.most).toBeLessThanOrEqual(concurrency);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('after an abort has the rows in flight with their outcomes, and the rest as not attempted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 40 }),
        async (rows, abortAfter) => {
          const workers = new Workers();
          const cancellation = new Cancellation();
          async function* source(): AsyncGenerator<Planned> {
            for (let row = 1; row <= rows; row += 1) yield createOf(row);
          }
          const finished: CompletedRow[] = [];
          let steps = 0;
          const consumed = (async () => {
            const options = { ...running, cancellation };
            for await (const item of singly(runWorkers(inBatches(source()), workers.apply, options))) {
              finished.push(item);
            }
          })();
          let begunBefore = Number.POSITIVE_INFINITY;
          await untilOver(consumed, () => {
            if (steps === abortAfter) {
              cancellation.abort({ kind: 'interrupted', signal: 'SIGINT' });
              begunBefore = workers.begun.length;
            }
            steps += 1;
            workers.underWay[0]?.finish();
          });

          expect(finished.map(({ row }) => row.row).sort((one, other) => one - other)).toEqual(
            Array.from({ length: rows }, (_, index) => index + 1),
          );
          expect(workers.begun.length).toBeLessThanOrEqual(begunBefore);
          for (const { row, outcome } of finished) {
            const expected = workers.begun.includes(row.row) ? 'created' : 'not-attempted';
            expect(outcome.status).toBe(expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has all rows in flight when the source throws, and then its error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 20 }), async (good) => {
        const workers = new Workers();
        async function* source(): AsyncGenerator<Planned> {
          for (let row = 1; row <= good; row += 1) yield row % 3 === 0 ? decided(row) : createOf(row);
          throw new Error('The file changed.');
        }
        const finished: number[] = [];
        const consumed = (async () => {
          for await (const { row } of singly(
            runWorkers(inBatches(source()), workers.apply, { ...running, concurrency: 30 }),
          )) {
            finished.push(row.row);
          }
        })();
        let error: unknown;
        const ended = consumed.catch((reason: unknown) => (error = reason));
        await settle();
        expect(error).toEqual(workers.underWay.length === 0 ? new Error('The file changed.') : undefined);
        while (workers.underWay.length > 0) {
          workers.underWay.at(-1)?.finish();
          await settle();
        }
        await ended;

        expect(error).toEqual(new Error('The file changed.'));
        expect(finished.sort((one, other) => one - other)).toEqual(
          Array.from({ length: good }, (_, index) => index + 1),
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('reading', () => {
  it('pulls nothing while all workers are busy', async () => {
    const workers = new Workers();
    let pulled = 0;
    async function* source(): AsyncGenerator<Planned> {
      for (;;) yield createOf((pulled += 1));
    }
    const iterator = runWorkers(inBatches(source()), workers.apply, running);
    const first = iterator.next();
    await settle();
    expect(pulled).toBe(3);

    workers.underWay[1]?.finish();
    expect((await first).value?.map(({ row }: CompletedRow) => row.row)).toEqual([2]);
    await settle();
    expect(pulled).toBe(4);
    const left = iterator.return(undefined);
    for (const worker of workers.underWay) worker.finish();
    await left;
  });

  it('goes at most 5,000 rows past the oldest unfinished row', async () => {
    const workers = new Workers();
    let pulled = 0;
    async function* source(): AsyncGenerator<Planned> {
      for (;;) {
        pulled += 1;
        yield pulled % 10 === 0 ? createOf(pulled) : decided(pulled);
      }
    }
    // Row 10 is stuck until the others have gone as far as they may.
    const consuming = (async () => {
      for await (const { row } of singly(
        runWorkers(inBatches(source()), workers.apply, { ...running, concurrency: 5 }),
      )) {
        if (row.row === 10) return;
      }
    })();
    let before = -1;
    while (before !== pulled) {
      before = pulled;
      await settle();
      for (const worker of workers.underWay.slice(1)) worker.finish();
      await settle();
    }
    expect(pulled).toBe(5010);
    expect(workers.farthest).toBeLessThanOrEqual(5000);

    workers.underWay[0]?.finish();
    await settle();
    for (const worker of workers.underWay) worker.finish();
    await consuming;
  });

  it('stops when completed rows are not consumed', async () => {
    let pulled = 0;
    async function* source(): AsyncGenerator<Planned> {
      for (;;) yield decided((pulled += 1));
    }
    const iterator = runWorkers(inBatches(source()), new Workers().apply, running);
    await iterator.next();
    await settle();
    expect(pulled).toBeLessThanOrEqual(102);
    await iterator.return(undefined);
  });
});

describe('when something fails', () => {
  it('throws the error of an apply that rejects, after the others have finished', async () => {
    const workers = new Workers();
    let pulled = 0;
    async function* source(): AsyncGenerator<Planned> {
      for (;;) yield createOf((pulled += 1));
    }
    const finished: number[] = [];
    const consumed = (async () => {
      for await (const { row } of singly(runWorkers(inBatches(source()), workers.apply, running))) {
        finished.push(row.row);
      }
    })().catch((error: unknown) => error);
    await settle();
    workers.underWay[1]?.fail(new Error('A bug.'));
    await settle();
    for (const worker of workers.underWay) worker.finish();

    expect(await consumed).toEqual(new Error('A bug.'));
    expect(finished).toEqual([1, 3]);
    expect(pulled).toBe(3);
  });

  it('throws the error of an apply that throws synchronously', async () => {
    await expect(runWorkers(inBatches(one()), throwAtOnce, running).next()).rejects.toThrow('A bug.');
  });

  it('closes the source when the consumer leaves early, once the rows in flight are finished', async () => {
    const workers = new Workers();
    let isClosed = false;
    async function* source(): AsyncGenerator<Planned> {
      try {
        for (let row = 1; ; row += 1) yield createOf(row);
      } finally {
        isClosed = true;
      }
    }
    let hasLeft = false;
    const consumed = (async () => {
      // oxlint-disable-next-line no-unreachable-loop
      for await (const _ of runWorkers(inBatches(source()), workers.apply, running)) break;
      hasLeft = true;
    })();
    await settle();
    workers.underWay[0]?.finish();
    await settle();
    expect(isClosed).toBe(true);
    expect(hasLeft).toBe(false);
    const begun = workers.begun.length;

    for (const worker of workers.underWay) worker.finish();
    await consumed;
    expect(workers.begun.length).toBe(begun);
  });

  it('closes the source before the consumer continues, however long that takes', async () => {
    let isClosed = false;
    async function* source(): AsyncGenerator<Planned> {
      try {
        yield decided(1);
        yield decided(2);
        yield createOf(3);
      } finally {
        await settle();
        isClosed = true;
      }
    }
    const workers = new Workers();
    // oxlint-disable-next-line no-unreachable-loop
    for await (const _ of runWorkers(inBatches(source()), workers.apply, { ...running, concurrency: 1 })) {
      workers.underWay[0]?.finish();
      break;
    }
    expect(isClosed).toBe(true);
  });

  it('starts nothing for a row that arrives after the consumer has left', async () => {
    const workers = new Workers();
    let arrive: (() => void) | undefined;
    async function* source(): AsyncGenerator<Planned> {
      yield decided(1);
      await new Promise<void>((resolve) => (arrive = resolve));
      yield createOf(2);
    }
    const iterator = runWorkers(inBatches(source()), workers.apply, running);
    await iterator.next();
    await settle();
    const left = iterator.return(undefined);
    arrive?.();
    await left;
    expect(workers.begun).toEqual([]);
  });
});
