import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

const ATTRIBUTES = {
  badge: { type: 'integer' },
  languages: { type: 'array', items: { type: 'string' } },
  isRemote: { type: 'boolean' },
} as const;

interface Person {
  readonly login: string;
  readonly title: string;
  readonly department: string;
  readonly badge: string;
  readonly languages: string;
  readonly isRemote: string;
}

function person(number: number, more: Partial<Person> = {}): Person {
  return {
    login: `p${number}@example.com`,
    title: number % 3 === 0 ? '' : `Engineer ${number % 7}`,
    department: ['Accounts', 'Räume', '研究'][number % 3] ?? '',
    badge: String(number),
    languages: number % 2 === 0 ? 'Deutsch;Français' : 'Deutsch',
    isRemote: String(number % 5 === 0),
    ...more,
  };
}

function fileOf(people: readonly Person[]): string {
  const header = 'login,email,firstName,lastName,title,department,badge,languages,isRemote';
  const lines = people.map(({ login, title, department, badge, languages, isRemote }) =>
    [login, login, 'Given', 'Family', title, department, badge, languages, isRemote].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

const NIGHT_1 = Array.from({ length: 1000 }, (_, index) => person(index + 1));

/** Ten with another title, ten with two other values, five invalid, 970 unchanged, ten new; five have left. */
const NIGHT_2 = [
  ...NIGHT_1.slice(0, 10).map((one) => ({ ...one, title: 'Lead' })),
  ...NIGHT_1.slice(10, 20).map((one) => ({ ...one, department: 'Sales', badge: `7${one.badge}` })),
  ...NIGHT_1.slice(20, 25).map((one) => ({ ...one, badge: 'seven' })),
  ...NIGHT_1.slice(25, 995),
  ...Array.from({ length: 10 }, (_, index) => person(2001 + index)),
];

/** Searches and member lists are behind, as those of real orgs: no run may depend on them, or send more requests. */
const LAG = { searchLagMs: 2000, memberLagMs: 3000, deletionLagMs: 1000 };

async function org(): Promise<{ okta: Sandbox; at: Workplace; env: Record<string, string> }> {
  const okta = await startSandbox({
    seed: { attributes: ATTRIBUTES },
    rateLimits: { limits: 100_000 },
    orgOptions: LAG,
  });
  onTestFinished(() => okta.close());
  return { okta, at: workplace(), env: orgSettings(okta) };
}

const profiles = (okta: Sandbox): string =>
  JSON.stringify(
    okta.users().map(({ id, status, profile }) => ({ id, status, profile })),
    undefined,
    1,
  );

it('a nightly file creates new users, updates changed ones, and leaves the others alone', async () => {
  const { okta, at, env } = await org();
  const file = at.file('people.csv', fileOf(NIGHT_1));
  const first = await cli(['import', file, '--if-exists=update', '--run-id=night-1', '--quiet'], { at, env });
  expect(first).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  const afterNight1 = profiles(okta);

  const before = okta.ledger.requests();
  at.file('people.csv', fileOf(NIGHT_2));
  const second = await cli(['import', file, '--if-exists=update', '--run-id=night-2', '--quiet'], {
    at,
    env,
  });
  const requests = okta.ledger.requests() - before;

  expect(second).toMatchObject({ exitCode: 1, stdout: '' });
  expect(at.run('night-2').summary.counts).toMatchObject({
    total: 1005,
    created: 10,
    updated: 20,
    unchanged: 970,
    invalid: 5,
    failed: 0,
  });
  expect(okta.ledger.requests({ operation: 'createUser' })).toBe(1010);
  expect(okta.ledger.requests({ operation: 'updateUser' })).toBe(20);
  expect(requests).toBeLessThanOrEqual(40);
  const { results } = at.run('night-2');
  expect(results[0]).toMatchObject({ status: 'updated', message: 'title', login: 'p1@example.com' });
  expect(results[10]).toMatchObject({ status: 'updated', message: 'department, badge' });
  expect(results[20]).toMatchObject({ status: 'invalid', errorCode: 'not-an-integer' });
  expect(results[25]).toMatchObject({ status: 'unchanged', userStatus: 'PROVISIONED', attempts: '0' });

  const failed = join(at.run('night-2').path, 'failed.csv');
  writeFileSync(failed, readFileSync(failed, 'utf8').replaceAll('seven', '7000'));
  const third = await cli(['import', failed, '--if-exists=update', '--run-id=night-3', '--quiet'], {
    at,
    env,
  });
  expect(third).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(at.run('night-3').summary.counts).toMatchObject({ total: 5, updated: 5 });

  const undone = await cli(['undo', 'night-3', '--yes', '--quiet'], { at, env });
  expect(undone).toMatchObject({ exitCode: 0 });
  const undoneToo = await cli(['undo', 'night-2', '--yes', '--quiet'], { at, env });
  expect(undoneToo).toMatchObject({ exitCode: 0 });
  expect(at.run('night-2-undo').summary.counts).toMatchObject({ total: 30, removed: 10, restored: 20 });
  expect(profiles(okta)).toBe(afterNight1);
});

it('ten thousand unchanged users in an org of ten thousand take at most sixty requests', async () => {
  const { okta, at, env } = await org();
  const people = Array.from({ length: 10_000 }, (_, index) => person(index + 1));
  const file = at.file('people.csv', fileOf(people));
  await cli(['import', file, '--run-id=first', '--quiet', '--concurrency=50'], { at, env });
  const before = okta.ledger.requests();

  const again = await cli(['import', file, '--if-exists=update', '--run-id=again', '--quiet'], { at, env });

  expect(again).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(at.run('again').summary.counts).toMatchObject({ total: 10_000, unchanged: 10_000 });
  expect(okta.ledger.requests() - before).toBeLessThanOrEqual(60);
});

it('twenty users are looked up one by one, however large the org is', async () => {
  const { okta, at, env } = await org();
  const file = at.file('people.csv', fileOf(NIGHT_1.slice(0, 20)));
  await cli(['import', file, '--run-id=first', '--quiet'], { at, env });
  const before = okta.ledger.requests({ operation: 'listUsers' });

  const again = await cli(['import', file, '--if-exists=update', '--run-id=again', '--quiet'], { at, env });

  expect(again).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(at.run('again').summary.counts).toMatchObject({ total: 20, unchanged: 20 });
  expect(okta.ledger.requests({ operation: 'listUsers' })).toBe(before);
});

it('a dry run shows what a nightly run would do, and writes nothing', async () => {
  const { okta, at, env } = await org();
  const file = at.file('people.csv', fileOf(NIGHT_1));
  await cli(['import', file, '--run-id=night-1', '--quiet'], { at, env });
  const afterNight1 = profiles(okta);
  at.file('people.csv', fileOf(NIGHT_2));

  const dry = await cli(['validate', file, '--org', '--if-exists=update', '--run-id=dry', '--json'], {
    at,
    env,
  });

  expect(dry.exitCode).toBe(1);
  expect(JSON.parse(dry.stdout)).toMatchObject({
    counts: { total: 1005, wouldCreate: 10, wouldUpdate: 20, unchanged: 970, invalid: 5 },
    plan: { creates: 10, updates: 20 },
  });
  expect(at.run('dry').results[10]).toMatchObject({ status: 'would-update', message: 'department, badge' });
  expect(profiles(okta)).toBe(afterNight1);
});
