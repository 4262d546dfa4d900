import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { undoOperations } from '../../src/engine/undo-operations.js';
import { DamagedJournalError } from '../../src/journal/damaged-journal.js';
import { JOURNAL_FILE } from '../../src/journal/journal-line.js';
import { outcomesOf } from '../../src/journal/journal-outcomes.js';
import { Journal } from '../../src/journal/journal.js';
import { assertUndamaged, readJournal, type PastRun } from '../../src/journal/reader.js';
import { notAttempted, OUTCOME_UNKNOWN, type RowOutcome } from '../../src/rows/outcome.js';
import { journalDamage } from '../helpers/journal-damage.js';
import { createdOutcome, createOf, description, rowOf, tempFolder } from '../engine/build.js';

const ROWS = 10;
const NOTE = { at: '2026-01-01T00:00:00.000Z', version: '1' };

function failedOutcome(row: number, errorCode: string): RowOutcome {
  const base = { row, line: row + 1, login: `user${row}@example.com`, attempts: 1, durationMs: 1 };
  return { ...base, status: 'failed', error: { errorCode, message: 'No.', requestId: undefined } };
}

/** A run of ten rows that was interrupted and resumed: line 1 describes it, an attempt and an outcome of each row follow. */
async function journalLines(): Promise<string[]> {
  const folder = await tempFolder();
  const first = await Journal.create(folder, description);
  for (let row = 1; row <= 5; row += 1) {
    await first.recordAttempt(createOf(row), { orgMs: row * 1000, endMs: row * 1000 + 600_000 });
    await first.recordOutcome(createdOutcome(row));
  }
  await first.close();
  const past = await readJournal(folder);
  past.close();
  const second = await Journal.reopen(folder, past, NOTE);
  for (let row = 6; row <= 8; row += 1) {
    await second.recordAttempt(createOf(row), { orgMs: row * 1000 });
    await second.recordOutcome(createdOutcome(row));
  }
  await second.recordAttempt(createOf(9), { orgMs: 9000 });
  await second.recordOutcome(failedOutcome(9, 'E0000001'));
  await second.recordOutcome(notAttempted(rowOf(10), 'user10@example.com', 'Interrupted.'));
  await second.recordEnd({ at: NOTE.at, exitCode: 130 });
  await second.close();
  return readFileSync(join(folder, JOURNAL_FILE), 'latin1').trimEnd().split('\n');
}

async function folderWith(content: string | Uint8Array): Promise<string> {
  const folder = await tempFolder();
  writeFileSync(join(folder, JOURNAL_FILE), content, typeof content === 'string' ? 'latin1' : undefined);
  return folder;
}

async function pastOf(lines: readonly string[]): Promise<PastRun> {
  const past = await readJournal(await folderWith(lines.map((line) => `${line}\n`).join('')));
  past.close();
  return past;
}

/** A journal of version 0.1.0, whose lines have no checksum. */
function oldLine(fields: object): string {
  return JSON.stringify(fields);
}

const oldStart = oldLine({ type: 'run', journal: 1, ...description });

function settledRows(past: PastRun): number[] {
  return Array.from({ length: ROWS }, (_, index) => index + 1).filter((row) => past.isSettled(row));
}

describe('a journal with a changed character', () => {
  it.each(['"row":3', '00u3', 'user3@example', '"created"'])(
    'in %j names the line and does not believe it',
    async (text) => {
      const lines = await journalLines();
      const index = lines.findIndex((line) => line.includes('"type":"outcome"') && line.includes(text));
      const line = lines[index]!;
      const at = line.indexOf(text) + text.length - 1;
      const changed = lines.with(index, `${line.slice(0, at)}4${line.slice(at + 1)}`);

      const past = await pastOf(changed);

      expect(past.damage).toBe(`line ${index + 1} cannot be read`);
      expect(settledRows(past)).not.toContain(text === '"created"' ? 1 : 3);
      expect(() => assertUndamaged(past, 'reports/it')).toThrow(
        `reports/it/${JOURNAL_FILE} is damaged: line ${index + 1} cannot be read.`,
      );
    },
  );

  it('in an attempt, whose row would otherwise be sent again, cannot be resumed', async () => {
    const lines = await journalLines();
    const past = await pastOf(lines.slice(0, 4).with(3, lines[3]!.replace('"row":2', '"row":7')));
    expect(past.damage).toBe('line 4 cannot be read');
    expect(() => assertUndamaged(past, 'it')).toThrow(DamagedJournalError);
  });

  it('is refused with the ways that are left', async () => {
    const lines = await journalLines();
    const past = await pastOf(lines.with(4, 'x'));
    expect(() => assertUndamaged(past, 'reports/it')).toThrow(
      expect.objectContaining({
        hint: expect.stringMatching(/backup.*report, verify or undo on reports\/it.*--if-exists skip/),
      }),
    );
  });
});

describe('a journal whose lines are not as they were written', () => {
  it.each([
    [
      'a page of NULs',
      (lines: string[]) => lines.toSpliced(4, 3, '\0'.repeat(4096)),
      'line 5 cannot be read; lines are missing before line 6',
    ],
    ['a missing line', (lines: string[]) => lines.toSpliced(4, 1), 'lines are missing before line 5'],
    [
      'a foreign line',
      (lines: string[]) => lines.toSpliced(4, 0, '{"type":"finished"}'),
      'line 5 cannot be read',
    ],
    ['an empty line', (lines: string[]) => lines.toSpliced(4, 0, ''), 'line 5 cannot be read'],
    [
      'two lines that run together',
      (lines: string[]) => lines.toSpliced(4, 2, `${lines[4]}${lines[5]}`),
      'line 5 cannot be read; lines are missing before line 6',
    ],
  ])('has %s: it is named, and what the other lines prove is kept', async (_, change, damage) => {
    const lines = await journalLines();
    const past = await pastOf(change(lines));
    expect(past.damage).toBe(damage);
    expect(settledRows(past)).toEqual(expect.arrayContaining([1, 4, 5, 6, 7, 8, 9]));
  });

  it.each([
    [
      'swapped',
      (lines: string[]) => lines.with(3, lines[4]!).with(4, lines[3]!),
      'line 5 is repeated or out of order',
    ],
    [
      'repeated',
      (lines: string[]) => lines.toSpliced(4, 0, ...lines.slice(2, 4)),
      'lines 5-6 are repeated or out of order',
    ],
    ['reversed', (lines: string[]) => lines.toReversed(), 'lines 2-22 are repeated or out of order'],
    [
      'moved to the end',
      (lines: string[]) => [...lines.slice(0, 2), ...lines.slice(3), lines[2]!],
      'line 22 is repeated or out of order',
    ],
  ])('whose lines were %s is read in the order of writing, and they are named', async (_, change, damage) => {
    const lines = await journalLines();
    const expected = await pastOf(lines);

    const past = await pastOf(change(lines));

    expect(past.damage).toBe(damage);
    expect(settledRows(past)).toEqual(settledRows(expected));
    expect(past.rowsInDoubt).toBe(0);
    expect(past.end).toEqual(expect.objectContaining({ exitCode: 130 }));
  });

  it.each([
    ['its last line', (text: string) => `${text.slice(0, -1)}x`],
    [
      'all lines but the first',
      (text: string) => text.replace('\n', '\0').replaceAll('\n', 'x').replace('\0', '\n'),
    ],
  ])('lost the newlines of %s, which are named and not cut off', async (_, change) => {
    const lines = (await journalLines()).slice(0, 4);
    const folder = await folderWith(change(lines.map((line) => `${line}\n`).join('')));
    const past = await readJournal(folder);
    past.close();
    expect(past.damage).toMatch(/^line [24] cannot be read$/);
  });

  it('is not damaged if a power failure tore its last line, at any byte, and left zeros', async () => {
    const [first = '', second = ''] = await journalLines();
    for (let length = 0; length <= second.length; length += 1) {
      const past = await readJournal(
        await folderWith(`${first}\n${second.slice(0, length)}${'\0'.repeat(50)}`),
      );
      past.close();
      expect(past.damage).toBeUndefined();
      expect(past.lines).toBe(1);
    }
  });
});

describe('a journal of version 0.1.0, without checksums', () => {
  it.each([
    ['garbage', 'garbage'],
    ['null', 'null'],
    ['a line without a type', '{"row":1}'],
    ['a line that was cut', '{"type":"outcome","row":1'],
    ['NULs', '\0\0\0\0'],
    ['an empty line', ''],
    ['a row number of four billion', oldLine({ type: 'outcome', ...createdOutcome(1), row: 4e9 })],
    ['a row that the file does not have', oldLine({ type: 'outcome', ...createdOutcome(1), row: 11 })],
    ['a row of 0', oldLine({ type: 'attempt', row: 0, line: 1, login: 'a', orgMs: 1 })],
    ['a login that is no text', oldLine({ type: 'attempt', row: 2, line: 3, login: {}, orgMs: 1 })],
    ['an outcome without an ID', oldLine({ type: 'outcome', ...createdOutcome(2), oktaId: undefined })],
    ['an unknown status', oldLine({ type: 'outcome', ...createdOutcome(2), status: 'lost' })],
    ['an unknown type', oldLine({ type: 'prophecy', row: 2 })],
    ['a sample without numbers', oldLine({ type: 'sample', atMs: 1, rows: null })],
  ])('has %s: the line is named and not believed', async (_, line) => {
    const past = await pastOf([
      oldStart,
      oldLine({ type: 'outcome', ...createdOutcome(1) }),
      line,
      oldLine({ type: 'finished', at: NOTE.at, exitCode: 0 }),
    ]);
    expect(past.damage).toBe('line 3 cannot be read');
    expect(settledRows(past)).toEqual([1]);
    expect(past.lastRow).toBe(1);
  });

  it('may have fields that this version does not know', async () => {
    const past = await pastOf([
      oldLine({ type: 'run', journal: 1, ...description, mood: 'good' }),
      oldLine({ type: 'outcome', ...createdOutcome(1), mood: 'good' }),
    ]);
    expect(past.damage).toBeUndefined();
    expect(settledRows(past)).toEqual([1]);
  });

  it.each<[string, object]>([
    ['an impossible delimiter', { file: { ...description.file, delimiter: ';;' } }],
    ['no delimiter', { file: { ...description.file, delimiter: undefined } }],
    ['four billion rows', { file: { ...description.file, records: 4e9 } }],
    ['no settings', { settings: undefined }],
    ['no date', { startedAt: 'yesterday' }],
  ])('with %s in its first line is refused with one sentence and what to do', async (_, change) => {
    const refused = pastOf([oldLine({ type: 'run', journal: 1, ...description, ...change })]);
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_JOURNAL_DAMAGED',
      message: expect.stringContaining('line 1 cannot be read'),
      hint: expect.stringContaining('--if-exists skip'),
    });
  });
});

it('a journal that is empty, or of another version, or no journal, is refused', async () => {
  await expect(readJournal(await folderWith(''))).rejects.toThrow(/contains no complete line/);
  await expect(pastOf([oldLine({ type: 'resumed', ...NOTE })])).rejects.toThrow(
    /does not start with the description/,
  );
  const newer = oldLine({ type: 'run', journal: 9, ...description, version: '9.0.0' });
  await expect(pastOf([newer])).rejects.toThrow(/another version of this program \(9\.0\.0\)/);
  const unsealed = oldLine({ type: 'run', journal: 2, ...description });
  await expect(pastOf([unsealed])).rejects.toThrow(/cannot be read in line 1/);
});

/** What the journal truly says about each row, whatever happens to it. */
type Truth = ReadonlyMap<number, RowOutcome>;

it('reading a damaged journal never invents an outcome, and never takes a lost one for a row that was not sent', async () => {
  const whole = Buffer.from((await journalLines()).map((line) => `${line}\n`).join(''), 'latin1');
  const truth: Truth = await outcomesIn(whole);
  await fc.assert(
    fc.asyncProperty(journalDamage(), async (damage) => {
      const bytes = damage(whole);
      const read = await readJournal(await folderWith(bytes)).then(
        (past) => wrongStatements(past, { truth, whole, bytes }),
        // Anything but this is a bug.
        (error: unknown) => (error instanceof DamagedJournalError ? [] : [String(error)]),
      );
      expect(read).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

/** What a journal says that is not so. */
function wrongStatements(
  past: PastRun,
  { truth, whole, bytes }: { readonly truth: Truth; readonly whole: Buffer; readonly bytes: Buffer },
): string[] {
  // Complete lines that are missing at the end are those of a process that was killed before.
  const isTorn = whole.subarray(0, past.bytes).equals(bytes.subarray(0, past.bytes));
  const wrong: string[] = [];
  try {
    for (const outcome of outcomesOf(past, 'ended')) {
      const expected = truth.get(outcome.row);
      const isUnknown = outcome.status === 'failed' && outcome.error.errorCode === OUTCOME_UNKNOWN;
      const isRight = past.isSettled(outcome.row)
        ? JSON.stringify(outcome) === JSON.stringify(expected)
        : isUnknown || (isTorn && outcome.status === 'not-attempted');
      if (!isRight) wrong.push(`row ${outcome.row}: ${JSON.stringify(outcome)}`);
    }
    for (const { row, oktaId } of undoOperations(past)) {
      const expected = truth.get(row.row);
      if (expected?.status !== 'created' || expected.oktaId !== oktaId) wrong.push(`undo of ${oktaId}`);
    }
    if (!isTorn && past.damage === undefined) wrong.push('no damage');
  } finally {
    past.close();
  }
  return wrong;
}

async function outcomesIn(bytes: Buffer): Promise<Truth> {
  const past = await readJournal(await folderWith(bytes));
  const outcomes = [...outcomesOf(past, 'ended')];
  past.close();
  return new Map(outcomes.map((outcome) => [outcome.row, outcome]));
}
