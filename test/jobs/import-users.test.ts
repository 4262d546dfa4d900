import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import {
  importUsers,
  parseMappingFile,
  type ImportUsersOptions,
  type ImportOutcome,
  type Warning,
} from '../../src/index.js';
import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { collect, folder, org } from './library-org.js';

/** A record with its own columns. */
type Person = Readonly<Record<string, string | null>>;

function person(number: number, more: Person = {}): Person {
  const login = `p${number}@example.com`;
  return { login, email: login, firstName: 'Given', lastName: `Family ${number}`, ...more };
}

function people(count: number): Person[] {
  return Array.from({ length: count }, (_, index) => person(index + 1));
}

function counted(outcomes: readonly ImportOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe('importing users', () => {
  it('creates users from records, with one outcome for each', async () => {
    const { okta, client } = await org();

    const outcomes = await collect(importUsers({ records: people(30) }, { client }));

    expect(outcomes.map(({ row, login, status }) => ({ row, login, status }))).toEqual(
      people(30).map(({ login }, index) => ({ row: index + 1, login, status: 'created' })),
    );
    expect(okta.users()).toHaveLength(30);
  });

  it.each([
    [
      'a path',
      (csv: string) => {
        const path = join(folder(), 'people.csv');
        writeFileSync(path, csv);
        return path;
      },
    ],
    [
      'bytes',
      (csv: string) =>
        (async function* () {
          yield Buffer.from(csv.slice(0, 20));
          yield Buffer.from(csv.slice(20));
        })(),
    ],
  ])('accepts CSV as %s', async (_, sourceOf) => {
    const { okta, client } = await org();

    const outcomes = await collect(importUsers({ csv: sourceOf(peopleCsv(5)) }, { client }));

    expect(counted(outcomes)).toEqual({ created: 5 });
    expect(outcomes[4]).toMatchObject({ row: 5, line: 6 });
    expect(okta.users()).toHaveLength(5);
  });

  it('follows its options', async () => {
    const { okta, client } = await org({ seed: demoSeed });
    const warnings: Warning[] = [];
    const records = [
      { Mail: 'a@example.com', Given: 'A', Family: 'Z', Note: 'x', Skills: 'Go|SQL' },
      { Mail: 'b@example.com', Given: 'B', Family: 'Z\u200b', Note: 'x', Skills: '' },
      { Mail: 'c@example.com', Given: 'C', Family: 'Z', Note: 'x', Skills: '' },
    ];
    const mapping = parseMappingFile(
      'profile: { email: Mail, firstName: Given, lastName: Family, skills: { column: Skills, split: "|" } }',
      'inline',
    );

    const outcomes = await collect(
      importUsers(
        { records },
        {
          client,
          mapping,
          ignoreColumns: ['Note'],
          activate: false,
          groups: ['Sales', 'New hires'],
          createGroups: true,
          only: (row) => row !== 3,
          observer: { warning: (warning) => warnings.push(warning) },
        },
      ),
    );

    expect(counted(outcomes)).toEqual({ created: 2, 'not-attempted': 1 });
    expect(okta.findUser('a')).toMatchObject({ status: 'STAGED', profile: { skills: ['Go', 'SQL'] } });
    expect(okta.groupsOf('b')).toEqual(['Sales', 'New hires']);
    expect(warnings).toMatchObject([{ row: 2, login: 'b@example.com', column: 'Family' }]);
  });

  it('updates existing users', async () => {
    const { okta, client } = await org();
    await collect(importUsers({ records: people(3) }, { client }));

    const outcomes = await collect(
      importUsers(
        { records: [...people(2), person(3, { lastName: 'Changed' })] },
        { client, ifExists: 'update' },
      ),
    );

    expect(outcomes.map(({ status }) => status)).toEqual(['unchanged', 'unchanged', 'updated']);
    expect(okta.findUser('p3')?.profile['lastName']).toBe('Changed');
  });

  it('reports the problems of each record, including a cell without a column', async () => {
    const { client } = await org();

    const outcomes = await collect(
      importUsers(
        {
          records: [
            person(1),
            person(2, { firstName: null }),
            person(3, { nckName: 'x' }),
            person(4, { nckName: '' }),
          ],
        },
        { client },
      ),
    );

    expect(outcomes).toMatchObject([
      { status: 'created' },
      { status: 'invalid', problems: [{ code: 'required-missing', column: 'firstName' }] },
      { status: 'invalid', problems: [{ code: 'column-unknown', column: 'nckName' }] },
      { status: 'created' },
    ]);
  });

  it.each<[string, Person[], Partial<ImportUsersOptions>, object]>([
    ['columns that mean nothing', [person(1, { frstName: 'x' })], {}, { code: 'ERR_COLUMNS' }],
    ['a concurrency that is none', [person(1)], { concurrency: 0 }, { name: 'RangeError' }],
  ])('rejects %s before anything is sent', async (_, records, options, error) => {
    const { okta, client } = await org();

    await expect(collect(importUsers({ records }, { client, ...options }))).rejects.toMatchObject(error);
    expect(okta.users()).toEqual([]);
  });

  it('yields nothing for an empty source', async () => {
    const { client } = await org();

    expect(await collect(importUsers({ records: [] }, { client }))).toEqual([]);
  });

  it('prints nothing', async () => {
    const { client } = await org();
    const printed = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    onTestFinished(() => printed.forEach((spy) => spy.mockRestore()));

    await collect(importUsers({ records: [person(1), person(2, { email: 'none' })] }, { client }));

    expect(printed.map((spy) => spy.mock.calls)).toEqual([[], []]);
  });
});

describe('an import as an iterable', () => {
  it.each([1, 3])('has at most %d requests in flight, by its option', async (concurrency) => {
    const { okta, client } = await org({ latencyMs: 10 });

    await collect(importUsers({ records: people(12) }, { client, concurrency }));

    expect(okta.ledger.maxInFlight).toBe(concurrency);
  });

  it('reads records on demand, and no more than its consumer requests', async () => {
    const { client } = await org();
    let taken = 0;
    const records = (async function* () {
      for (;;) {
        taken += 1;
        yield person(taken);
      }
    })();

    let read = 0;
    for await (const _ of importUsers({ records }, { client, concurrency: 3 })) {
      read += 1;
      if (read === 40) break;
    }

    // Some are in flight, and some wait for the consumer.
    expect(taken).toBeLessThan(40 + 150);
  });

  it('waits for the requests in flight when its consumer leaves, and closes the source', async () => {
    const { okta, client } = await org({ latencyMs: 20 });
    let isClosed = false;
    const records = (function* () {
      try {
        yield* people(100);
      } finally {
        isClosed = true;
      }
    })();

    for await (const _ of importUsers({ records }, { client, concurrency: 5 })) break;
    const users = okta.users().length;
    await client.close();

    expect(isClosed).toBe(true);
    expect(users).toBeGreaterThan(0);
    expect(users).toBeLessThan(20);
    expect(okta.users()).toHaveLength(users);
  });

  it('throws the reason of a signal after the outcomes of the rows in flight, even if the source is stalled', async () => {
    const { okta, client } = await org();
    const controller = new AbortController();
    const reason = new Error('enough');
    const records = (async function* () {
      yield* people(5);
      await new Promise(() => {});
    })();
    const outcomes: ImportOutcome[] = [];

    const imported = (async () => {
      for await (const outcome of importUsers({ records }, { client, signal: controller.signal })) {
        outcomes.push(outcome);
        if (outcomes.length === 5) controller.abort(reason);
      }
    })();

    await expect(imported).rejects.toBe(reason);
    expect(counted(outcomes)).toEqual({ created: 5 });
    expect(okta.users()).toHaveLength(5);
  });

  it('throws the reason of a signal that was aborted before it started, and sends nothing', async () => {
    const { okta, client } = await org();
    const signal = AbortSignal.abort(new Error('too late'));

    await expect(collect(importUsers({ records: people(3) }, { client, signal }))).rejects.toThrow(
      'too late',
    );
    expect(okta.ledger.requests()).toBe(0);
  });

  it('throws the error that ended it, after the outcomes of the rows that were sent', async () => {
    const { okta, client } = await org();
    const outcomes: ImportOutcome[] = [];
    const records = (function* () {
      yield* people(10);
      okta.revokeToken();
      yield* people(200).slice(10);
    })();

    const imported = (async () => {
      for await (const outcome of importUsers({ records }, { client, concurrency: 2 })) {
        outcomes.push(outcome);
      }
    })();

    await expect(imported).rejects.toMatchObject({ code: 'ERR_OKTA_API', status: 401 });
    expect(okta.users().length).toBe(counted(outcomes)['created']);
    expect(counted(outcomes)['not-attempted']).toBeUndefined();
  });

  it('throws the error of the source, after the outcomes of the records before it', async () => {
    const { client } = await org();
    const outcomes: ImportOutcome[] = [];
    const records = (function* () {
      yield* people(4);
      throw new Error('the database went away');
    })();

    const imported = (async () => {
      for await (const outcome of importUsers({ records }, { client })) outcomes.push(outcome);
    })();

    await expect(imported).rejects.toThrow('the database went away');
    expect(counted(outcomes)).toEqual({ created: 4 });
  });

  it('runs concurrently with others in one process, on one client', async () => {
    const { okta, client } = await org();
    const half = (from: number): AsyncIterable<ImportOutcome> =>
      importUsers({ records: people(40).slice(from, from + 20) }, { client, journal: join(folder(), 'j') });

    const [one, other] = await Promise.all([collect(half(0)), collect(half(20))]);

    expect([counted(one), counted(other)]).toEqual([{ created: 20 }, { created: 20 }]);
    expect(okta.users()).toHaveLength(40);
  });
});

describe('an import with a journal', () => {
  it('continues where it ended: no row is sent twice, and every outcome is yielded again', async () => {
    const { okta, client } = await org();
    const journal = join(folder(), 'journal');
    const csv = join(folder(), 'people.csv');
    writeFileSync(csv, peopleCsv(50));
    let read = 0;
    for await (const _ of importUsers({ csv }, { client, journal })) {
      read += 1;
      if (read === 10) break;
    }
    const first = okta.users();

    const outcomes = await collect(importUsers({ csv }, { client, journal }));

    expect(counted(outcomes)).toEqual({ created: 50 });
    expect(okta.users()).toHaveLength(50);
    expect(okta.users().slice(0, first.length)).toEqual(first);
    expect(okta.ledger.requests({ operation: 'createUser' })).toBe(50);
    expect(await collect(importUsers({ csv }, { client, journal }))).toEqual(outcomes);
  });

  it('continues a file whose header is on two lines with the same columns', async () => {
    const { okta, client } = await org();
    const journal = join(folder(), 'journal');
    const csv = join(folder(), 'people.csv');
    const rows = Array.from({ length: 30 }, (_, index) => `p${index}@example.com,Mira,Kuehn`);
    writeFileSync(csv, ['E-mail,First,Last', 'address,name,name', ...rows, ''].join('\n'));
    for await (const _ of importUsers({ csv }, { client, journal })) break;

    const outcomes = await collect(importUsers({ csv }, { client, journal }));

    expect(counted(outcomes)).toEqual({ created: 30 });
    expect(okta.ledger.requests({ operation: 'createUser' })).toBe(30);
  });

  it('settles a create whose response was lost, instead of sending it again', async () => {
    const journal = join(folder(), 'journal');
    const { okta, client } = await org({
      faults: [{ on: 'createUser', login: 'p2@example.com', then: 'reset-after-commit' }],
    });

    const outcomes = await collect(importUsers({ records: people(3) }, { client, journal }));

    expect(counted(outcomes)).toEqual({ created: 3 });
    expect(okta.users()).toHaveLength(3);
  });

  it.each([
    ['other records', { records: [person(1), person(7)] }],
    [
      'a file',
      {
        csv: (async function* () {
          yield Buffer.from(peopleCsv(2));
        })(),
      },
    ],
  ])('rejects %s in the same folder', async (_, source) => {
    const { okta, client } = await org();
    const journal = join(folder(), 'journal');
    await collect(importUsers({ records: people(2) }, { client, journal }));

    await expect(collect(importUsers(source, { client, journal }))).rejects.toMatchObject({
      code: 'ERR_OTHER_JOURNAL',
    });
    expect(okta.users()).toHaveLength(2);
  });

  it('rejects the same file with another header in the same folder', async () => {
    const { okta, client } = await org();
    const at = workplace();
    const csv = join(at.folder, at.file('people.csv', `login,email,title\n${peopleCsv(2)}`));
    const journal = join(at.folder, 'journal');
    await collect(importUsers({ csv }, { client, journal }));

    await expect(collect(importUsers({ csv }, { client, journal, headerRow: 1 }))).rejects.toMatchObject({
      code: 'ERR_OTHER_JOURNAL',
      message: expect.stringContaining('counts the rows of people.csv differently'),
      hint: expect.stringContaining('headerRow'),
    });
    expect(okta.users()).toHaveLength(2);
  });

  it('rejects another org', async () => {
    const [one, other] = [await org(), await org()];
    const journal = join(folder(), 'journal');
    await collect(importUsers({ records: people(2) }, { client: one.client, journal }));

    await expect(
      collect(importUsers({ records: people(2) }, { client: other.client, journal })),
    ).rejects.toThrow(`is for ${one.okta.url}, not ${other.okta.url}`);
  });

  it('allows one import at a time', async () => {
    const { client } = await org();
    const journal = join(folder(), 'journal');

    for await (const _ of importUsers({ records: people(3) }, { client, journal })) {
      await expect(collect(importUsers({ records: people(3) }, { client, journal }))).rejects.toMatchObject({
        code: 'ERR_LOCKED',
      });
    }
    expect(counted(await collect(importUsers({ records: people(3) }, { client, journal })))).toEqual({
      created: 3,
    });
  });

  it('contains no secret', async () => {
    const { client } = await org();
    const journal = join(folder(), 'journal');
    const password = `Aa1!${Math.random().toString(36)}`;

    await collect(importUsers({ records: [person(1, { password })] }, { client, journal }));

    expect(readFileSync(join(journal, 'journal.ndjson'), 'utf8')).not.toContain(password);
  });
});
