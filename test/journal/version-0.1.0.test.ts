import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { stagedUsers } from '../../src/engine/activate-user.js';
import { undoOperations } from '../../src/engine/undo-operations.js';
import { JOURNAL_FILE } from '../../src/journal/journal-line.js';
import { outcomesOf } from '../../src/journal/journal-outcomes.js';
import { Journal } from '../../src/journal/journal.js';
import { readJournal, type PastRun } from '../../src/journal/reader.js';
import { createdOutcome, createOf, tempFolder } from '../engine/build.js';

/** A folder with a journal that version 0.1.0 wrote; only paths, the org, and all groups but one were replaced. */
async function oldRun(name: 'run' | 'run-undo'): Promise<string> {
  const folder = await tempFolder();
  copyFileSync(`test/journal/version-0.1.0/${name}.ndjson`, join(folder, JOURNAL_FILE));
  return folder;
}

async function withPast<T>(folder: string, use: (past: PastRun) => T): Promise<T> {
  const past = await readJournal(folder);
  try {
    return use(past);
  } finally {
    past.close();
  }
}

it('reads the run and the outcomes of its rows', async () => {
  await withPast(await oldRun('run'), (past) => {
    expect(past.description).toMatchObject({ runId: 'run', version: '0.1.0', file: { records: 5 } });
    expect(past.end?.stoppedBecause).toContain('(--max-failures)');
    expect(past.groups).toEqual([{ groupId: '00g0000002gSaNdBoX5d', name: 'Sales' }]);
    expect([...outcomesOf(past, 'ended')]).toMatchObject([
      { row: 1, status: 'created', oktaId: '00u0000003uSaNdBoX5d' },
      { row: 2, status: 'invalid', problems: [{ code: 'required-missing' }] },
      {
        row: 3,
        status: 'failed',
        error: { errorCode: 'E0000001' },
        written: { status: 'created', oktaId: '00u0000004uSaNdBoX5d' },
      },
      { row: 4, status: 'not-attempted', reason: expect.stringContaining('(--max-failures)') },
      { row: 5, status: 'not-attempted' },
    ]);
  });
});

it('reads what undo and activate need', async () => {
  await withPast(await oldRun('run'), (past) => {
    expect([...undoOperations(past)]).toMatchObject([
      { kind: 'remove', login: 'cy@example.com', profileDigest: 'bc305eabd01c5bc96f27bb264459b612' },
      { kind: 'remove', login: 'ada@example.com', profileDigest: 'c15a478496568c85ae539c17a965ad19' },
    ]);
    expect([...stagedUsers(past)]).toEqual([]);
  });
});

it('reads why an undo kept a user', async () => {
  await withPast(await oldRun('run-undo'), (past) => {
    expect(past.outcomeOf(1)).toMatchObject({
      status: 'kept',
      reason: 'Its profile was changed since; --force removes it all the same.',
    });
  });
});

it('continues the journal', async () => {
  const folder = await oldRun('run');
  const before = readFileSync(join(folder, JOURNAL_FILE), 'utf8');
  const reached = await withPast(folder, ({ bytes, lines }) => ({ bytes, lines }));
  const journal = await Journal.reopen(folder, reached, { at: 'now', version: '1' });
  await journal.recordAttempt(createOf(4), { orgMs: 1000 });
  await journal.recordOutcome(createdOutcome(4));
  await journal.close();

  expect(readFileSync(join(folder, JOURNAL_FILE), 'utf8').startsWith(before)).toBe(true);
  await withPast(folder, (past) => {
    expect(past.outcomeOf(3)?.status).toBe('failed');
    expect(past.outcomeOf(4)?.status).toBe('created');
    expect(past.isSettled(5)).toBe(false);
  });
});
