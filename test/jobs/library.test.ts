import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  activateRun,
  importUsers,
  readCsv,
  resumeRun,
  undoRun,
  validateUsers,
  verifyRun,
  type ActivateOutcome,
  type FinishedRun,
  type ImportOutcome,
  type RunInfo,
  type RunProgress,
  type UndoOutcome,
  type ValidateOutcome,
} from '../../src/index.js';
import { unsealLine } from '../../src/journal/line-seal.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { collect, folder, org, person } from './library-org.js';

function people(count: number): ReturnType<typeof person>[] {
  return Array.from({ length: count }, (_, index) => person(index + 1, {}));
}

describe('an observer of an import', () => {
  it('receives the start, the progress, the rows and the end', async () => {
    const { client } = await org({ latencyMs: 100 });
    const started: RunInfo[] = [];
    const progress: RunProgress[] = [];
    const finished: FinishedRun[] = [];
    let rows = 0;

    await collect(
      importUsers(
        { records: people(5) },
        {
          client,
          concurrency: 1,
          observer: {
            started: (run) => started.push(run),
            progress: (state) => progress.push(state),
            rows: (outcomes) => (rows += outcomes.length),
            finished: (run) => finished.push(run),
          },
        },
      ),
    );

    expect(started).toMatchObject([
      { command: 'import', folder: undefined, header: ['login', 'email', 'firstName', 'lastName'] },
    ]);
    expect(rows).toBe(5);
    const totals = progress.map(({ counts }) => counts.total);
    expect(totals.length).toBeGreaterThan(2);
    expect(totals).toEqual(totals.toSorted((one, other) => one - other));
    expect(totals.at(-1)).toBe(5);
    expect(finished).toMatchObject([{ summary: { counts: { total: 5, created: 5 }, exitCode: 0 } }]);
  });
});

describe('the text of errors and problems', () => {
  it('names options instead of flags', async () => {
    const { client } = await org();
    const unknownColumn = importUsers({ records: [person(1, { frstName: 'x' })] }, { client });
    const groups = await collect(importUsers({ records: [person(1, { groups: 'Nobody' })] }, { client }));
    const csv = (async function* () {
      yield Buffer.from('login,email\nada@example.com');
    })();

    await expect(collect(unknownColumn)).rejects.toMatchObject({
      code: 'ERR_COLUMNS',
      hint: expect.stringMatching(/^(?!.*--).*\bignoreColumns\b/s),
    });
    expect(groups).toMatchObject([
      { problems: [{ message: expect.stringMatching(/^(?!.*--).*\bcreateGroups\b/s) }] },
    ]);
    await expect(readCsv(csv, { delimiter: ';;' })).rejects.toThrow(/^(?!.*--)/s);
    await expect(collect(importUsers({ records: people(1) }, { client, only: 'x' }))).rejects.toThrow(
      /^only /,
    );
  });
});

describe('the jobs over a past run', () => {
  it('verify, activate and undo an import with a journal', async () => {
    const { okta, client } = await org();
    const journal = join(folder(), 'run');
    await collect(importUsers({ records: people(4) }, { client, journal, activate: false }));

    const activated = await collect(activateRun(journal, { client, sendEmail: false }));
    const differences = await collect(verifyRun(journal, { client }));
    const undone = await collect(undoRun(journal, { client }));
    const gone = await collect(verifyRun(journal, { client }));

    expect(activated.map(({ status }) => status)).toEqual(Array(4).fill('activated'));
    expect(differences).toEqual([]);
    expect(undone.map(({ status }) => status)).toEqual(Array(4).fill('removed'));
    expect(okta.users()).toEqual([]);
    expect(gone).toHaveLength(4);
  });

  it('undo keeps users that were changed since the run, unless forced', async () => {
    const { okta, client } = await org();
    const journal = join(folder(), 'run');
    await collect(importUsers({ records: people(2) }, { client, journal }));
    await client.updateProfile(okta.findUser('p1')!.id, { title: 'x' });

    const kept = await collect(undoRun(journal, { client }));
    const forced = await collect(undoRun(journal, { client, force: true }));

    expect(kept).toMatchObject([
      { status: 'kept', reason: expect.stringMatching(/^(?!.*--)/) },
      { status: 'removed' },
    ]);
    expect(forced.map(({ status }) => status)).toEqual(['removed', 'removed']);
  });

  it('resume a run of the command line, each outcome with the cells of its row', async () => {
    const { okta, client } = await org();
    const at = workplace();
    at.file('people.csv', peopleCsv(5).replace('p2@example.com,p2@example.com', 'p2,p2'));
    const env = { OKTA_CLIENT_ORGURL: okta.url, OKTA_CLIENT_TOKEN: okta.token };
    const stopped = await cli(['import', 'people.csv', '--run-id=it', '--canary=2', '--yes'], { at, env });
    expect(stopped.exitCode).toBe(3);

    const outcomes = await collect(resumeRun(at.run('it').path, { client }));

    expect(outcomes.map(({ status }) => status)).toEqual([
      'created',
      'invalid',
      'created',
      'created',
      'created',
    ]);
    expect(outcomes[4]?.record).toMatchObject({ login: 'p5@example.com', lastName: 'Family' });
    expect(at.run('it').summary.counts).toMatchObject({ total: 5, created: 4, invalid: 1 });
    expect(okta.users()).toHaveLength(4);
  });

  it('resume a run of version 0.1.0, whose journal has fewer options', async () => {
    const { okta, client } = await org();
    const at = workplace();
    at.file('people.csv', peopleCsv(3).replace('p1@example.com,p1@example.com', 'p1,p1'));
    const env = { OKTA_CLIENT_ORGURL: okta.url, OKTA_CLIENT_TOKEN: okta.token };
    await cli(['import', 'people.csv', '--run-id=it', '--canary=1', '--yes', '--no-activate'], { at, env });
    const journal = join(at.run('it').path, 'journal.ndjson');
    const [first = '', ...lines] = readFileSync(journal, 'utf8')
      .split('\n')
      .map((line) => unsealLine(line) ?? '');
    const run = JSON.parse(first) as { version: string; settings: object; file: object };
    const newer = ['ifExists', 'clearEmpty', 'createGroups', 'sheet', 'secretColumns', 'headerLine'];
    const older = JSON.stringify({ ...run, journal: 1, version: '0.1.0' }, (key, value: unknown) =>
      newer.includes(key) ? undefined : value,
    );
    writeFileSync(journal, [older, ...lines].join('\n'));

    const outcomes = await collect(resumeRun(at.run('it').path, { client }));

    expect(outcomes.map(({ status }) => status)).toEqual(['invalid', 'created', 'created']);
    expect(okta.users().map(({ status }) => status)).toEqual(['STAGED', 'STAGED']);
  });

  it('reject a run of another org, and a folder without a run', async () => {
    const [one, other] = [await org(), await org()];
    const journal = join(folder(), 'run');
    await collect(importUsers({ records: people(1) }, { client: one.client, journal }));

    await expect(collect(undoRun(journal, { client: other.client }))).rejects.toMatchObject({
      code: 'ERR_OTHER_ORG',
    });
    await expect(collect(undoRun(folder(), { client: one.client }))).rejects.toMatchObject({
      code: 'ERR_RUN_FOLDER',
    });
  });
});

describe('stop conditions', () => {
  it('end an import with an error, after the outcomes of the rows that were sent', async () => {
    const { okta, client } = await org();
    const outcomes: ImportOutcome[] = [];
    const records = [person(1, { email: 'none' }), ...people(9).slice(1)];

    const imported = (async () => {
      for await (const outcome of importUsers({ records }, { client, canary: 1 })) outcomes.push(outcome);
    })();

    await expect(imported).rejects.toMatchObject({ code: 'ERR_STOPPED' });
    expect(outcomes.map(({ status }) => status)).toEqual(['invalid']);
    expect(okta.users()).toEqual([]);
  });

  it('allOrNothing yields the invalid rows of a file and sends nothing', async () => {
    const { okta, client } = await org();
    const csv = join(folder(), 'people.csv');
    writeFileSync(csv, peopleCsv(3).replace('p2@example.com,p2@example.com', 'p2,p2'));

    const outcomes = await collect(importUsers({ csv }, { client, allOrNothing: true }));

    expect(outcomes).toMatchObject([{ row: 2, status: 'invalid' }]);
    expect(okta.users()).toEqual([]);
  });

  it('allOrNothing rejects records, which can be read only once', async () => {
    const { okta, client } = await org();

    await expect(
      collect(importUsers({ records: people(2) }, { client, allOrNothing: true })),
    ).rejects.toThrow(TypeError);
    expect(okta.users()).toEqual([]);
  });
});

it('an import keeps no file but its journal', async () => {
  const { client } = await org();
  const journal = join(folder(), 'run');

  await collect(importUsers({ records: people(2) }, { client, journal }));

  expect(
    ['results.csv', 'failed.csv', 'summary.json'].filter((name) => existsSync(join(journal, name))),
  ).toEqual([]);
  expect(readFileSync(join(journal, 'journal.ndjson'), 'utf8')).toContain('"type":"finished"');
});

it('the outcomes of each job have only the statuses of that job', () => {
  // Checked by the compiler: a status more or less is an error.
  const statuses = {
    import: {
      created: 1,
      updated: 1,
      unchanged: 1,
      exists: 1,
      invalid: 1,
      failed: 1,
      'not-attempted': 1,
    } satisfies Record<ImportOutcome['status'], 1>,
    validate: {
      valid: 1,
      'would-create': 1,
      'would-update': 1,
      unchanged: 1,
      exists: 1,
      invalid: 1,
      failed: 1,
      'not-attempted': 1,
    } satisfies Record<ValidateOutcome['status'], 1>,
    undo: { removed: 1, restored: 1, kept: 1, failed: 1 } satisfies Record<UndoOutcome['status'], 1>,
    activate: { activated: 1, unchanged: 1, failed: 1 } satisfies Record<ActivateOutcome['status'], 1>,
  };

  expect(Object.keys(statuses)).toHaveLength(4);
});

const FAULTS = [
  { then: 'reset-after-commit' },
  { then: 'status-503' },
  { then: 'okta-error', errorCode: 'E0000038' },
] as const;

it('every row is yielded once, whatever its content and whatever the org does', async () => {
  const kinds = ['good', 'bad', 'repeated', 'existing', 'unknown-key', 'unselected'] as const;
  await fc.assert(
    fc.asyncProperty(
      // An unknown key of the first record ends the import.
      fc.array(fc.constantFrom(...kinds), { maxLength: 30 }).filter(([first]) => first !== 'unknown-key'),
      fc.record({
        concurrency: fc.integer({ min: 1, max: 8 }),
        ifExists: fc.constantFrom('fail', 'skip', 'update'),
        isDryRun: fc.boolean(),
        isFile: fc.boolean(),
        fault: fc.constantFrom(undefined, ...FAULTS),
      }),
      async (rows, { concurrency, ifExists, isDryRun, isFile, fault }) => {
        const { okta, client } = await org({
          seed: { users: [{ profile: person(0, {}) }] },
          ...(fault && { faults: [{ on: 'createUser', nth: 2, ...fault }] }),
        });
        const records = rows.map((kind, index) => recordOf(kind, index + 1));
        const source = isFile ? { csv: bytesOf(records) } : { records };
        const options = {
          client,
          concurrency,
          ifExists,
          ignoreColumns: isFile ? ['nonsense'] : [],
          only: (row: number) => rows[row - 1] !== 'unselected',
        } as const;

        const outcomes = await collect<ImportOutcome | ValidateOutcome>(
          isDryRun ? validateUsers(source, options) : importUsers(source, options),
        );

        expect(outcomes.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1));
        const expected = isFile ? records.map(cellsOf) : records;
        expect(outcomes.map(({ record }) => record)).toEqual(expected);
        for (const { row, status } of outcomes) {
          expect(status === 'not-attempted').toBe(rows[row - 1] === 'unselected');
        }
        const created = outcomes.filter(({ status }) => status === 'created').length;
        expect(okta.users()).toHaveLength(1 + created);
        await client.close();
        await okta.close();
      },
    ),
    { numRuns: 25 },
  );
});

function recordOf(kind: string, row: number): Record<string, string> {
  switch (kind) {
    case 'bad':
      return person(row, { email: 'none' });
    case 'repeated':
      return person(1, {});
    case 'existing':
      return person(0, { title: 'Changed' });
    case 'unknown-key':
      return person(row, { nonsense: 'x' });
    default:
      return person(row, {});
  }
}

async function* bytesOf(records: readonly Record<string, string>[]): AsyncGenerator<Uint8Array> {
  const lines = records.map((record) => Object.values(cellsOf(record)).join(','));
  yield Buffer.from(`${[COLUMNS.join(','), ...lines].join('\n')}\n`);
}

const COLUMNS = ['login', 'email', 'firstName', 'lastName', 'title', 'nonsense'];

function cellsOf(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(COLUMNS.map((column) => [column, record[column] ?? '']));
}

describe('maxFailures as a share of records', () => {
  const withBadRow = [...people(9), person(10, { email: 'not an address' })];

  it('counts from expectedRows', async () => {
    const { client } = await org();

    const outcomes = await collect(
      importUsers({ records: withBadRow }, { client, maxFailures: '10%', expectedRows: 10 }),
    );

    expect(outcomes.filter(({ status }) => status === 'not-attempted')).toEqual([]);
    expect(outcomes).toHaveLength(10);
  });

  it('is rejected when the number of records is unknown', async () => {
    const { client } = await org();

    const importing = collect(importUsers({ records: withBadRow }, { client, maxFailures: '10%' }));

    await expect(importing).rejects.toThrow(
      new RangeError('maxFailures "10%" is a share of an unknown number of records: set expectedRows.'),
    );
  });
});

describe('an option of a wrong type', () => {
  it.each([
    [{ ifExists: 'Skip' }, new RangeError('ifExists must be "fail", "skip" or "update", not "Skip".')],
    [{ activate: 'no' }, new TypeError('activate must be true or false, not "no".')],
    [{ groups: 'Sales' }, new TypeError('groups must be an array of strings, not "Sales".')],
  ])('%j is rejected before anything is sent', async (options, error) => {
    const { client, okta } = await org();

    // A program in JavaScript.
    const wrong = options as Partial<Parameters<typeof importUsers>[1]>;
    const importing = collect(importUsers({ records: people(1) }, { client, ...wrong }));

    await expect(importing).rejects.toThrow(error);
    expect(okta.ledger.requests()).toBe(0);
  });
});
