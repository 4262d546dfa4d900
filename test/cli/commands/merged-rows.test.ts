import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { demoSeed } from '../../../src/sandbox/demo-seed.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const okta = await startSandbox({ seed: demoSeed, ...options });
  onTestFinished(() => okta.close());
  return okta;
}

const HEADER = 'login,email,firstName,lastName,groups';
const line = (login: string, group: string, lastName = 'Kuehn'): string =>
  `${login}@example.com,${login}@example.com,Mira,${lastName},${group}`;
const file = (at: Workplace, ...lines: readonly string[]): string =>
  at.file('people.csv', `${[HEADER, ...lines].join('\n')}\n`);

const copyOf = (at: Workplace, name: string): string =>
  at.file('people.csv', readFileSync(`fixtures/spreadsheets/${name}.csv`));

const statuses = (at: Workplace, runId: string): readonly string[] =>
  at.run(runId).results.map(({ status }) => status);

describe('several rows of one user that differ in their groups only', () => {
  const FILES = [
    {
      name: 'one-row-per-group',
      args: [],
      outcomes: ['created', 'unchanged', 'unchanged', 'created'],
      groups: { 'mira.kuehn': ['Engineering', 'Support', 'Berlin office'], 'tobias.osei': ['Sales'] },
    },
    {
      name: 'sorted-by-group',
      args: ['--ignore-columns=Bemerkung'],
      outcomes: ['created', 'created', 'created', 'unchanged', 'unchanged', 'unchanged', 'unchanged'],
      groups: {
        'mira.kuehn': ['Engineering', 'Support', 'Berlin office'],
        'ines.prado': ['Engineering', 'Support'],
        'tobias.osei': ['Sales'],
      },
    },
  ];
  it.each(FILES)(
    'create the user once, in all of the groups: $name',
    async ({ name, args, outcomes, groups }) => {
      const okta = await sandbox();
      const at = workplace();

      const { exitCode, stderr } = await cli(['import', copyOf(at, name), ...args, '--run-id=it'], {
        at,
        env: orgSettings(okta),
      });

      expect(exitCode).toBe(0);
      expect(stderr).toContain('differ in the groups only: they are merged with that row.');
      expect(okta.ledger.created).toHaveLength(Object.keys(groups).length);
      for (const [login, expected] of Object.entries(groups)) expect(okta.groupsOf(login)).toEqual(expected);
      const { results, summary } = at.run('it');
      expect(results.map(({ status }) => status)).toEqual(outcomes);
      expect(summary.counts.total).toBe(outcomes.length);
      const leaders = new Map(results.map(({ login, oktaId }) => [login, oktaId]));
      for (const { login, oktaId } of results) expect(oktaId).toBe(leaders.get(login));
      const followers = results.filter(({ status }) => status === 'unchanged');
      for (const { message } of followers) {
        expect(message).toMatch(/^Merged into row \d \(line \d\) of the same user\.$/);
      }
    },
  );

  it.each(FILES)('are valid, online and offline: $name', async ({ name, args, groups }) => {
    const okta = await sandbox();
    const at = workplace();
    const people = copyOf(at, name);

    const offline = await cli(['validate', people, ...args, '--run-id=off'], { at });
    const online = await cli(['validate', people, ...args, '--org', '--run-id=on'], {
      at,
      env: orgSettings(okta),
    });

    expect([offline.exitCode, online.exitCode]).toEqual([0, 0]);
    expect(new Set(statuses(at, 'off'))).toEqual(new Set(['valid']));
    expect(at.run('on').summary.counts.wouldCreate).toBe(Object.keys(groups).length);
    expect(at.run('on').summary.plan?.creates).toBe(Object.keys(groups).length);
  });

  it.each(FILES)('are undone once: $name', async ({ name, args, groups }) => {
    const okta = await sandbox();
    const at = workplace();
    const env = orgSettings(okta);
    await cli(['import', copyOf(at, name), ...args, '--run-id=it'], { at, env });

    const { exitCode, stderr } = await cli(['undo', 'it', '--yes'], { at, env });

    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${Object.keys(groups).length} users, ${Object.keys(groups).length} deleted`);
    for (const login of Object.keys(groups)) expect(okta.findUser(login)).toBeUndefined();
  });

  it('join the groups of an existing user with --if-exists update, and none with skip', async () => {
    const okta = await sandbox();
    const at = workplace();
    const env = orgSettings(okta);
    await cli(['import', file(at, line('mira', 'Engineering'))], { at, env });
    const people = file(at, line('mira', 'Sales'), line('mira', 'Support'));

    await cli(['import', people, '--if-exists=skip', '--run-id=skip'], { at, env });
    const afterSkip = okta.groupsOf('mira');
    await cli(['import', people, '--if-exists=update', '--run-id=update'], { at, env });

    expect(afterSkip).toEqual(['Engineering']);
    expect(statuses(at, 'skip')).toEqual(['exists', 'exists']);
    expect(okta.groupsOf('mira')).toEqual(['Engineering', 'Sales', 'Support']);
    expect(statuses(at, 'update')).toEqual(['updated', 'unchanged']);
  });

  it('fail together, and are imported together from failed.csv', async () => {
    const okta = await sandbox();
    const at = workplace();
    const env = orgSettings(okta);
    const people = file(at, line('mira', 'Engineering'), line('mira', 'Berlin ofice'), line('noor', 'Sales'));

    const first = await cli(['import', people, '--run-id=first'], { at, env });
    const { results, failedText } = at.run('first');
    const mended = at.file('mended.csv', failedText.replaceAll('Berlin ofice', 'Berlin office'));
    const second = await cli(['import', mended, '--run-id=second'], { at, env });

    expect(first.exitCode).toBe(1);
    expect(results.map(({ status }) => status)).toEqual(['invalid', 'invalid', 'created']);
    expect(results[0]?.message).toContain(
      'Row 2 (line 3) of the same user: The org has no group "Berlin ofice"',
    );
    expect(second.exitCode).toBe(0);
    expect(okta.groupsOf('mira')).toEqual(['Engineering', 'Berlin office']);
  });

  it('share the failure of a create', async () => {
    const okta = await sandbox();
    const at = workplace();
    const env = orgSettings(okta);
    await cli(['import', file(at, line('mira', 'Engineering'))], { at, env });
    const people = file(at, line('mira', 'Sales'), line('noor', 'Sales'), line('mira', 'Support'));

    const { exitCode } = await cli(['import', people, '--run-id=it'], { at, env });

    expect(exitCode).toBe(1);
    const { results, failed } = at.run('it');
    expect(results.map(({ status }) => status)).toEqual(['failed', 'created', 'failed']);
    expect(results[2]).toMatchObject({
      errorCode: results[0]?.errorCode,
      message: expect.stringContaining('Row 1 (line 2) of the same user failed'),
    });
    expect(failed).toHaveLength(2);
  });

  it('are only those that --only selects', async () => {
    const okta = await sandbox();
    const at = workplace();
    const people = file(at, line('mira', 'Engineering'), line('mira', 'Support'), line('mira', 'Sales'));

    await cli(['import', people, '--only=2-3', '--run-id=it'], { at, env: orgSettings(okta) });

    expect(okta.groupsOf('mira')).toEqual(['Support', 'Sales']);
    expect(statuses(at, 'it')).toEqual(['not-attempted', 'created', 'unchanged']);
  });

  it('are one user of a canary', async () => {
    const okta = await sandbox();
    const at = workplace();
    const people = file(at, line('mira', 'Engineering'), line('mira', 'Support'), line('noor', 'Sales'));

    const { exitCode } = await cli(['import', people, '--canary=1', '--run-id=it'], {
      at,
      env: orgSettings(okta),
    });

    expect(exitCode).toBe(0);
    expect(statuses(at, 'it')).toEqual(['created', 'unchanged', 'created']);
  });

  it('may have more groups than one create takes', async () => {
    const okta = await sandbox();
    const at = workplace();
    const groups = Array.from({ length: 45 }, (_, index) => `Team ${index + 1}`);
    const people = file(at, ...groups.map((group) => line('mira', group)));

    await cli(['import', people, '--create-groups', '--run-id=it'], { at, env: orgSettings(okta) });

    expect(okta.groupsOf('mira')).toEqual(groups);
  });

  it('are merged in any order and however many are in progress', async () => {
    const okta = await sandbox({ latencyMs: 5 });
    const at = workplace();
    const groups = ['Engineering', 'Sales', 'Support'];
    const rows = Array.from({ length: 40 }, (_, user) =>
      groups.map((group) => line(`user${user}`, group)),
    ).flat();
    // A fixed shuffle: 7 and 120 have no common divisor.
    const shuffled = rows.map((_, index) => rows[(index * 7) % rows.length]!);

    await cli(['import', file(at, ...shuffled), '--concurrency=8', '--run-id=it'], {
      at,
      env: orgSettings(okta),
    });

    expect(okta.ledger.created).toHaveLength(40);
    for (let user = 0; user < 40; user += 1) {
      expect(okta.groupsOf(`user${user}`).toSorted()).toEqual(groups.toSorted());
    }
    expect(at.run('it').summary.counts).toMatchObject({ total: 120, created: 40, unchanged: 80 });
  });

  it('follow a row that a resumed run settles', async () => {
    const okta = await sandbox({ latencyMs: 20 });
    const at = workplace();
    const env = orgSettings(okta);
    const rows = ['Engineering', 'Support'].flatMap((group) =>
      Array.from({ length: 30 }, (_, user) => line(`user${user}`, group)),
    );
    const stopped = await cli(['import', file(at, ...rows), '--concurrency=2', '--run-id=it'], {
      at,
      env,
      interrupt: new Promise((resolve) => {
        const timer = setInterval(() => {
          if (okta.ledger.created.length < 5) return;
          clearInterval(timer);
          resolve('SIGINT');
        }, 5);
      }),
    });

    const resumed = await cli(['resume', 'it'], { at, env });

    expect([stopped.exitCode, resumed.exitCode]).toEqual([130, 0]);
    expect(okta.ledger.created).toHaveLength(30);
    for (let user = 0; user < 30; user += 1) {
      expect(okta.groupsOf(`user${user}`)).toEqual(['Engineering', 'Support']);
    }
    expect(at.run('it').summary.counts).toMatchObject({ total: 60, created: 30, unchanged: 30 });
  });
});

it('a follower whose outcome a killed run did not record gets it when the run is resumed', async () => {
  const okta = await sandbox();
  const at = workplace();
  const env = orgSettings(okta);
  const people = file(at, line('mira', 'Engineering'), line('mira', 'Support'), line('noor', 'Sales'));
  await cli(['import', people, '--concurrency=1', '--run-id=it'], { at, env });
  const path = join(at.run('it').path, 'journal.ndjson');
  const lines = readFileSync(path, 'utf8').split('\n');
  const leader = lines.findIndex((text) => text.includes('"type":"outcome","row":1'));
  writeFileSync(path, `${lines.slice(0, leader + 1).join('\n')}\n`);

  const { exitCode } = await cli(['resume', 'it'], { at, env });

  expect(exitCode).toBe(0);
  expect(statuses(at, 'it')).toEqual(['created', 'unchanged', 'created']);
  expect(okta.ledger.created).toHaveLength(2);
  expect(okta.groupsOf('mira')).toEqual(['Engineering', 'Support']);
});

describe('several rows of one user that differ in more', () => {
  it.each([
    ['another cell', line('mira', 'Support', 'Kühn'), 'but these also differ in "lastName".'],
    ['nothing, without groups', line('mira', ''), 'Change one, or delete one of the rows.'],
  ])('are not merged: %s', async (_, second, message) => {
    const at = workplace();
    const first = message.startsWith('but') ? line('mira', 'Engineering') : line('mira', '');

    const { exitCode, stderr } = await cli(['validate', file(at, first, second), '--run-id=it'], { at });

    expect(exitCode).toBe(1);
    expect(statuses(at, 'it')).toEqual(['valid', 'invalid']);
    expect(stderr).toContain(message);
  });
});
