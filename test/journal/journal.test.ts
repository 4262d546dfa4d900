import fs, { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { readJournal, type PastRun } from '../../src/journal/reader.js';
import { Journal, JournalError } from '../../src/journal/journal.js';
import { sealLine } from '../../src/journal/line-seal.js';
import { JOURNAL_FILE } from '../../src/journal/journal-line.js';
import { notAttempted, OUTCOME_UNKNOWN, type RowOutcome } from '../../src/rows/outcome.js';
import { createdOutcome, createOf, description, rowOf, tempFolder } from '../engine/build.js';

/** The real one, whatever the journal is made to call. */
const { appendFileSync } = fs;

function textOf(folder: string): string {
  return readFileSync(join(folder, JOURNAL_FILE), 'utf8');
}

function endOf(folder: string): { bytes: number; lines: number } {
  return { bytes: textOf(folder).length, lines: linesOf(folder).length };
}

function linesOf(folder: string): { type: string; row?: number }[] {
  return textOf(folder)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function failedOutcome(row: number, errorCode: string, message = 'No.'): RowOutcome {
  const base = { row, line: row + 1, login: undefined, attempts: 1, durationMs: 1 };
  return { ...base, status: 'failed', error: { errorCode, message, requestId: undefined } };
}

describe('writing', () => {
  it('has a line in the file before its promise resolves', async () => {
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    for (let row = 1; row <= 20; row += 1) {
      await journal.recordAttempt(createOf(row), { orgMs: 1000.7 });
      expect(linesOf(folder).at(-1)).toMatchObject({ type: 'attempt', row, orgMs: 1000 });
      await journal.recordOutcome(createdOutcome(row));
      expect(linesOf(folder).at(-1)).toMatchObject({ type: 'outcome', row, status: 'created' });
    }
    await journal.close();
  });

  it('keeps lines complete and in order when many are written at once', async () => {
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    const rows = Array.from({ length: 500 }, (_, index) => index + 1);
    await Promise.all(
      rows.map(async (row) => {
        await journal.recordAttempt(createOf(row), { orgMs: 0 });
        expect(textOf(folder)).toContain(`"attempt","row":${row},`);
      }),
    );
    await journal.close();
    expect(linesOf(folder).flatMap(({ row }) => row ?? [])).toEqual(rows);
  });

  it('writes lines of the same event loop turn together', async () => {
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    const writes: string[] = [];
    await withAppending(
      (file, text) => {
        writes.push(text);
        appendFileSync(file, text);
      },
      () =>
        Promise.all(
          Array.from({ length: 500 }, (_, index) => journal.recordOutcome(createdOutcome(index + 1))),
        ),
    );
    await journal.close();
    expect(linesOf(folder)).toHaveLength(501);
    expect(writes).toHaveLength(1);
  });

  it('writes outcomes together with those of the next milliseconds, or with the next attempt', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    void journal.recordOutcome(createdOutcome(1));
    await new Promise((resolve) => setImmediate(resolve));
    const later = journal.recordOutcome(createdOutcome(2));
    expect(linesOf(folder)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    await later;
    expect(linesOf(folder)).toHaveLength(3);

    void journal.recordOutcome(createdOutcome(3));
    await journal.recordAttempt(createOf(4), { orgMs: 0 });
    expect(linesOf(folder)).toHaveLength(5);
    await journal.close();
  });

  it('reports when everything recorded is in the file, and when writing fails', async () => {
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    void journal.recordAttempt(createOf(1), { orgMs: 0 });
    void journal.recordOutcome(createdOutcome(1));
    await journal.written();
    expect(linesOf(folder)).toHaveLength(3);

    await withAppending(
      () => {
        throw new Error('ENOSPC: no space left on device');
      },
      async () => {
        journal.recordOutcome(createdOutcome(2)).catch(() => {});
        await expect(journal.written()).rejects.toThrow(JournalError);
      },
    );
    await expect(journal.written()).rejects.toThrow(JournalError);
    await journal.close();
  });

  it('closes only after everything recorded is in the file', async () => {
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    const written = journal.recordOutcome(createdOutcome(1));
    await journal.close();
    expect(linesOf(folder)).toHaveLength(2);
    await written;
  });

  it('is accessible to its owner only', async () => {
    const folder = await tempFolder();
    await (await Journal.create(folder, description)).close();
    expect(statSync(join(folder, JOURNAL_FILE)).mode & 0o777).toBe(0o600);
  });

  it('does not create a second journal in a folder', async () => {
    const folder = await tempFolder();
    await (await Journal.create(folder, description)).close();
    await expect(Journal.create(folder, description)).rejects.toThrow(JournalError);
  });

  it('rejects all waiting writes when the disk is full, and leaves a torn line only at the end', async () => {
    const folder = await tempFolder();
    const path = join(folder, JOURNAL_FILE);
    const journal = await Journal.create(folder, description);
    await journal.recordOutcome(createdOutcome(1));
    const failing = await withAppending(
      (_, text) => {
        appendFileSync(path, text.slice(0, 20));
        throw new Error('ENOSPC: no space left on device');
      },
      () => Promise.allSettled([2, 3, 4].map((row) => journal.recordAttempt(createOf(row), { orgMs: 0 }))),
    );
    const before = textOf(folder);

    expect(failing.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(journal.recordOutcome(createdOutcome(1))).rejects.toThrow(JournalError);
    await journal.close();
    expect(textOf(folder)).toBe(before);
    expect(before).not.toMatch(/\n$/);
    const past = await readJournal(folder);
    expect(past.outcomeOf(1)?.status).toBe('created');
    past.close();
  });

  it('throws when the file cannot be opened', async () => {
    const folder = await tempFolder();
    const note = { at: 'now', version: '1' };
    await expect(Journal.reopen(folder, { bytes: 0, lines: 0 }, note)).rejects.toThrow(JournalError);
    await expect(Journal.create(join(folder, 'not-there'), description)).rejects.toThrow(JournalError);
  });
});

/** Has what the journal appends go elsewhere while something is done. */
async function withAppending<T>(
  append: (file: number, text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const original = fs.appendFileSync;
  Object.assign(fs, { appendFileSync: append });
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    Object.assign(fs, { appendFileSync: original });
    syncBuiltinESMExports();
  }
}

/** How many bytes of a journal were synced, from now on. */
async function syncedBytes(
  folder: string,
): Promise<{ readonly bytes: number; readonly times: number; stop(): void }> {
  const probe = await open(join(folder, 'probe'), 'w');
  const prototype = Object.getPrototypeOf(probe) as { datasync: () => Promise<void> };
  await probe.close();
  const { datasync } = prototype;
  const synced = { bytes: 0, times: 0, stop: () => void Object.assign(prototype, { datasync }) };
  Object.assign(prototype, {
    async datasync(this: FileHandle) {
      const { size } = await this.stat();
      await Reflect.apply(datasync, this, []);
      synced.bytes = Math.max(synced.bytes, size);
      synced.times += 1;
    },
  });
  onTestFinished(synced.stop);
  return synced;
}

/** When a row in doubt was first attempted. */
function sinceOf(past: PastRun, row: number): number | undefined {
  return past.possibleCreates(row)[0]?.sinceMs;
}

/** What is held once the garbage is gone: what a process takes from the system depends on when it last was. */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Buffers are released one turn after the garbage collection.
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('reading', () => {
  it('finds the final outcomes, the rows in doubt and the orderly end', async () => {
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    await journal.recordAttempt(createOf(1), { orgMs: 1000 });
    await journal.recordOutcome(createdOutcome(1));
    await journal.recordAttempt(createOf(2), { orgMs: 2000 });
    await journal.recordAttempt(createOf(3), { orgMs: 3000 });
    await journal.recordOutcome(notAttempted(rowOf(3), 'x', 'Interrupted.'));
    await journal.recordAttempt(createOf(4), { orgMs: 4000 });
    await journal.recordOutcome(failedOutcome(4, OUTCOME_UNKNOWN));
    await journal.recordAttempt(createOf(5), { orgMs: 5000 });
    await journal.recordOutcome(failedOutcome(5, 'E0000001'));
    await journal.recordAttempt(createOf(2), { orgMs: 6000 });
    await journal.recordEnd({ at: 'now', exitCode: 130 });
    await journal.close();

    const past = await readJournal(folder);
    expect(past.description).toMatchObject({ ...description, settings: { activate: true } });
    expect(past.end?.exitCode).toBe(130);
    expect(past.bytes).toBe(textOf(folder).length);
    expect(past.outcomeOf(1)).toEqual(createdOutcome(1));
    expect(past.outcomeOf(5)).toMatchObject({ status: 'failed', error: { errorCode: 'E0000001' } });
    for (const row of [2, 3, 4, 6, 999_999]) expect(past.outcomeOf(row)).toBeUndefined();
    expect([1, 2, 3, 4, 5, 6].map((row) => sinceOf(past, row))).toEqual([
      undefined,
      2000,
      // Journaled, then not sent.
      undefined,
      4000,
      undefined,
      undefined,
    ]);
    past.close();
  });

  it('prefers the outcome from a later process to the doubt left by an earlier one', async () => {
    const folder = await tempFolder();
    const first = await Journal.create(folder, description);
    await first.recordAttempt(createOf(1), { orgMs: 1000 });
    await first.recordOutcome(failedOutcome(1, OUTCOME_UNKNOWN));
    await first.recordEnd({ at: 'now', exitCode: 3 });
    await first.close();
    const second = await Journal.reopen(folder, endOf(folder), { at: 'later', version: '2' });
    await second.recordOutcome(createdOutcome(1));
    await second.close();

    const past = await readJournal(folder);
    expect(past.outcomeOf(1)?.status).toBe('created');
    expect(past.isInDoubt(1)).toBe(false);
    expect(past.end?.exitCode).toBeUndefined();
    past.close();
  });

  it('returns any text unchanged, in lines of any length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(1, 50, 2000),
        async (texts, times) => {
          const folder = await tempFolder();
          const journal = await Journal.create(folder, description);
          const outcomes = texts.map((text, index) =>
            failedOutcome(index + 1, 'E0000001', text.repeat(times)),
          );
          for (const outcome of outcomes) await journal.recordOutcome(outcome);
          await journal.close();
          const past = await readJournal(folder);
          for (const outcome of outcomes) {
            expect(past.outcomeOf(outcome.row)).toEqual(JSON.parse(JSON.stringify(outcome)));
          }
          past.close();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('does not keep the lines of a large journal in memory', async () => {
    const folder = await tempFolder();
    await (await Journal.create(folder, description)).close();
    const path = join(folder, JOURNAL_FILE);
    const message = 'x'.repeat(20_000);
    for (let row = 1; row <= 5000; row += 100) {
      const lines = Array.from({ length: 100 }, (_, index) =>
        sealLine(
          JSON.stringify({ type: 'outcome', ...failedOutcome(row + index, 'E0000001', message) }),
          row + index + 1,
        ),
      );
      appendFileSync(path, `${lines.join('\n')}\n`);
    }
    const before = await heldBytes();
    const past = await readJournal(folder);
    const grownMb = ((await heldBytes()) - before) / 1e6;
    expect(past.outcomeOf(5000)).toMatchObject({ row: 5000, error: { message } });
    expect(past.bytes).toBeGreaterThan(100_000_000);
    expect(grownMb).toBeLessThan(5);
    past.close();
  });
});

describe('a journal torn by a crash', () => {
  it('is read up to its last complete line and continued from there, wherever it was torn', async () => {
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    for (const row of [1, 2, 3]) {
      await journal.recordAttempt(createOf(row, { lastName: 'Ünïcode 名前' }), { orgMs: row * 1000 });
      await journal.recordOutcome(failedOutcome(row, 'E0000001', 'größer 名前 "quoted"\n'));
    }
    await journal.close();
    const path = join(folder, JOURNAL_FILE);
    const whole = readFileSync(path);
    const firstLine = whole.indexOf('\n') + 1;

    for (let length = firstLine; length <= whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      const past = await readJournal(folder);
      const wholeBytes = whole.lastIndexOf('\n', length - 1) + 1;
      const entries = whole.subarray(firstLine, wholeBytes).toString().split('\n').length - 1;
      expect(past.bytes).toBe(wholeBytes);
      for (const row of [1, 2, 3]) {
        expect(past.outcomeOf(row)?.row, `row ${row} of ${length} bytes`).toBe(
          entries >= row * 2 ? row : undefined,
        );
        expect(sinceOf(past, row)).toBe(entries === row * 2 - 1 ? row * 1000 : undefined);
      }
      past.close();
      const reopened = await Journal.reopen(folder, past, { at: 'now', version: '1' });
      await reopened.recordOutcome(createdOutcome(9));
      await reopened.close();
      const again = await readJournal(folder);
      expect(again.outcomeOf(9)).toEqual(createdOutcome(9));
      again.close();
    }
  });

  it('loses no attempt whose request may have been sent, if only what was synced survives a power failure', async () => {
    const folder = await tempFolder();
    const synced = await syncedBytes(folder);
    const journal = await Journal.create(folder, description);
    const sent: number[] = [];
    for (let batch = 0; batch < 5; batch += 1) {
      const rows = Array.from({ length: 8 }, (_, index) => batch * 8 + index + 1);
      await Promise.all(
        rows.map(async (row) => {
          await journal.recordAttempt(createOf(row), { orgMs: 1000 });
          sent.push(row);
          // What the disk has if the power fails now.
          const kept = readFileSync(join(folder, JOURNAL_FILE)).subarray(0, synced.bytes).toString();
          expect(kept).toContain(`"attempt","row":${row},`);
        }),
      );
    }
    expect(sent).toHaveLength(40);
    // Attempts that wait together share a sync.
    expect(synced.times).toBeLessThan(20);
    synced.stop();
    await journal.close();
  });

  it('keeps the times of each process apart, and ends them', async () => {
    const folder = await tempFolder();
    const first = await Journal.create(folder, description);
    await first.recordAttempt(createOf(1), { orgMs: 1_000_000, endMs: 1_635_000 });
    await first.recordAttempt(createOf(1), { orgMs: 1_030_000, endMs: 1_665_000 });
    await first.recordAttempt(createOf(2), { orgMs: 1_040_000, endMs: 1_675_000 });
    await first.close();
    const note = { at: 'now', version: '1' };
    const second = await Journal.reopen(folder, endOf(folder), note);
    await second.recordAttempt(createOf(1), { orgMs: 9_000_000, endMs: 9_635_000 });
    await second.recordClock(-1500);
    await second.recordAttempt(createOf(3), { orgMs: 9_001_000, endMs: 9_636_000 });
    await second.close();

    const past = await readJournal(folder);
    expect(past.possibleCreates(1)).toEqual([
      // The process showed its last sign of life at 1,040 s.
      { sinceMs: 1_000_000, expectedUntilMs: 1_075_000, untilMs: 1_665_000, isCalibrated: false },
      { sinceMs: 8_998_500, expectedUntilMs: 9_036_000, untilMs: 9_633_500, isCalibrated: true },
    ]);
    expect(past.possibleCreates(3)).toEqual([
      { sinceMs: 9_001_000, expectedUntilMs: 9_036_000, untilMs: 9_636_000, isCalibrated: true },
    ]);
    expect(past.rowsInDoubt).toBe(3);
    past.close();
  });

  it('is rejected when even its first line is lost', async () => {
    const folder = await tempFolder();
    await (await Journal.create(folder, description)).close();
    const path = join(folder, JOURNAL_FILE);
    for (let length = readFileSync(path).length - 1; length >= 0; length -= 1) {
      truncateSync(path, length);
      await expect(readJournal(folder)).rejects.toThrow(/contains no complete line/);
    }
  });

  it('is read up to the zeros that a power failure left at the end', async () => {
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    await journal.recordOutcome(createdOutcome(1));
    await journal.close();
    const { length } = textOf(folder);
    appendFileSync(join(folder, JOURNAL_FILE), Buffer.alloc(4096));
    const past = await readJournal(folder);
    expect(past.bytes).toBe(length);
    expect(past.outcomeOf(1)?.status).toBe('created');
    past.close();
  });
});

describe('a login that looks like part of a journal line', () => {
  it.each([
    'a"status":"created"@example.com',
    '{}',
    'a","orgMs":7}',
    '"status":"created"}',
    '\\"status":"created"',
  ])('is not mistaken for one: %j', async (login) => {
    const folder = await tempFolder();
    const journal = await Journal.create(folder, description);
    await journal.recordAttempt(createOf(1, { login }), { orgMs: 1000 });
    await journal.recordOutcome({ ...failedOutcome(1, OUTCOME_UNKNOWN, login), login });
    await journal.recordOutcome({ ...notAttempted(rowOf(2), login, login), attempts: 1 });
    await journal.recordOutcome({ ...createdOutcome(3), login });
    await journal.close();
    const past = await readJournal(folder);
    expect([1, 2, 3].map((row) => past.isSettled(row))).toEqual([false, false, true]);
    expect(sinceOf(past, 1)).toBe(1000);
    expect(past.outcomeOf(3)).toEqual({ ...createdOutcome(3), login });
    past.close();
  });
});
