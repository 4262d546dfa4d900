import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, startCli } from '../helpers/cli.js';
import { FAST_WAITS } from '../helpers/fast-waits.js';
import { firstSignInsIn, signIn, type FirstSignIn } from '../helpers/first-sign-ins.js';
import { killAt, MOMENTS_WITH_LINKS, type Moment } from '../helpers/killed-cli.js';
import { forbidSecondMail } from '../helpers/mails.js';
import { loginsTo, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

const PEOPLE = 60;

/** Longer than the sandbox takes for a request: then it has processed all requests of a process that was killed. */
const DRAIN_MS = 60;

const MAPPING = `profile:
  login: login
  email: email
  firstName: firstName
  lastName: lastName
`;
const PASSWORDS = `${MAPPING}credentials:
  password: { generate: 16 }
`;

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly env: Record<string, string>;
}

async function scene(mapping: string): Promise<Scene> {
  const okta = await startSandbox({
    seed: { users: [] },
    latencyMs: { min: 2, max: 20 },
    rateLimits: { limits: 1_000_000 },
  });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  at.file('people.csv', peopleCsv(PEOPLE));
  at.file('mapping.yaml', mapping);
  return { okta, at, env: orgSettings(okta) };
}

/** Starts the command, kills it at one moment after the other, resuming it each time, and lets it come to its end. */
async function killAndResume({ at, env }: Scene, start: readonly string[]): Promise<void> {
  const resume = ['resume', 'it', '--concurrency=4', '--quiet'];
  let command = start;
  for (const moment of MOMENTS_WITH_LINKS) {
    expect({ moment, isReached: await killAt(moment, command, { at, env, nodeArgs: FAST_WAITS }) }).toEqual({
      moment,
      isReached: true,
    });
    await delay(DRAIN_MS);
    command = resume;
  }
  const { exitCode, stderr } = await startCli(resume, { at, env, nodeArgs: FAST_WAITS }).finished;
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
}

it.each([
  ['import', 'links.csv', ['import', 'people.csv', '--run-id=it']],
  ['import', 'letters.html', ['import', 'people.csv', '--run-id=it']],
  ['sync', 'links.csv', ['sync', 'people.csv', '--dataset=staff', '--run-id=it']],
])(
  'every user has a password that works in the file after kills at every step of %s --links %s',
  async (_, file, start) => {
    const stage = await scene(PASSWORDS);
    const { okta, at } = stage;

    await killAndResume(stage, [
      ...start,
      '--mapping=mapping.yaml',
      `--links=${file}`,
      '--concurrency=4',
      '--quiet',
    ]);

    const written = firstSignInsIn(at, file);
    expect(written.map(({ login }) => login).toSorted()).toEqual(loginsTo(PEOPLE).toSorted());
    const wrong: string[] = [];
    for (const person of written) {
      if ((await signIn(okta, person)) !== 'PASSWORD_EXPIRED') wrong.push(person.login);
    }
    expect(wrong).toEqual([]);
    // Some of the kills came between a create and its record.
    expect(okta.ledger.requests({ operation: 'expirePasswordWithTempPassword' })).toBeGreaterThan(0);
    expect(okta.ledger.created).toHaveLength(PEOPLE);
    expect(okta.ledger.mails).toEqual([]);
    const elsewhere = at.everyFileExcept(file);
    expect(written.filter(({ password }) => elsewhere.includes(password))).toEqual([]);
  },
  600_000,
);

it.each([
  ['import', ['import', 'people.csv', '--run-id=it']],
  ['sync', ['sync', 'people.csv', '--dataset=staff', '--run-id=it']],
])(
  'every user has a link that works in the file after kills at every step of %s --links, and nobody gets an email',
  async (_, start) => {
    const stage = await scene(MAPPING);
    const { okta, at } = stage;

    await killAndResume(stage, [...start, '--links=links.csv', '--concurrency=4', '--quiet']);

    const written = firstSignInsIn(at, 'links.csv');
    expect(written.map(({ login }) => login).toSorted()).toEqual(loginsTo(PEOPLE).toSorted());
    const statuses = await Promise.all(written.map(async ({ link }) => (await fetch(link)).status));
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(okta.ledger.mails).toEqual([]);
    expect(okta.ledger.created).toHaveLength(PEOPLE);
  },
  600_000,
);

it('a full disk ends the import with exit code 3, and resume gives everybody a password that works', async () => {
  const stage = await scene(PASSWORDS);
  const { okta, at, env } = stage;
  const people = 150;
  at.file('people.csv', peopleCsv(people));
  const start = ['import', 'people.csv', '--run-id=it', '--mapping=mapping.yaml', '--links=letters.html'];

  // In blocks of 512 bytes: room for the journal, and for some of the letters.
  const full = await startCli([...start, '--concurrency=3'], { at, env, fileSizeLimit: 100 }).finished;

  expect({ exitCode: full.exitCode, stderr: full.stderr }).toMatchObject({ exitCode: 3 });
  expect(full.stderr).toMatch(/Stopped early: Cannot write the links to .*letters\.html: EFBIG/);
  expect(full.stderr).toMatch(/okta-csv-import resume .*it/);
  const written = firstSignInsIn(at, 'letters.html').length;
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(people);
  expect(okta.ledger.created.length - written).toBeLessThanOrEqual(6);

  expect(await startCli(['resume', 'it'], { at, env, nodeArgs: FAST_WAITS }).finished).toMatchObject({
    exitCode: 0,
  });

  const all = firstSignInsIn(at, 'letters.html');
  expect(all.map(({ login }) => login).toSorted()).toEqual(loginsTo(people).toSorted());
  for (const person of all) expect(await signIn(okta, person)).toBe('PASSWORD_EXPIRED');
});

it('passwords are in no argument and no variable of the process', async () => {
  const { okta, at, env } = await scene(PASSWORDS);
  const start = ['import', 'people.csv', '--run-id=it', '--mapping=mapping.yaml', '--links=links.csv'];
  const running = startCli([...start, '--concurrency=2'], { at, env });
  const seen: string[] = [];
  while (running.process.exitCode === null && okta.ledger.created.length < PEOPLE) {
    for (const name of ['cmdline', 'environ', 'comm']) {
      const path = `/proc/${running.process.pid}/${name}`;
      if (existsSync(path)) seen.push(readFileSync(path, 'utf8'));
    }
    await delay(5);
  }
  expect(await running.finished).toMatchObject({ exitCode: 0 });

  const written = firstSignInsIn(at, 'links.csv');
  expect(written).toHaveLength(PEOPLE);
  expect(seen.length).toBeGreaterThan(10);
  const all = seen.join('\n');
  expect(written.filter(({ password }) => all.includes(password))).toEqual([]);
});

const MOMENTS: readonly Moment[] = [
  ...[1, 2, 3, 4].map((nth) => ({ is: 'after', step: 'request', nth }) as const),
  ...[2, 3, 5].map((nth) => ({ is: 'before', step: 'journal', nth }) as const),
];

it.each(
  MOMENTS.flatMap((moment) => (['password', 'link'] as const).map((kind) => ({ ...moment, moment, kind }))),
)(
  'the next night gives a $kind to those whom a sync has created that was killed $is $step $nth',
  async ({ moment, kind }) => {
    const mapping = kind === 'password' ? PASSWORDS : MAPPING;
    const stage = await scene(mapping);
    const { okta, at, env } = stage;
    const sync = ['sync', 'people.csv', '--dataset=staff', '--mapping=mapping.yaml', '--links=links.csv'];
    at.file('people.csv', peopleCsv(4));
    expect(
      await killAt(moment, [...sync, '--run-id=killed', '--concurrency=1'], {
        at,
        env,
        nodeArgs: FAST_WAITS,
      }),
    ).toBe(true);
    await delay(DRAIN_MS);

    at.file('people.csv', peopleCsv(5));
    const { exitCode, stderr } = await startCli(sync, { at, env, nodeArgs: FAST_WAITS }).finished;

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const people = firstSignInsIn(at, 'links.csv');
    expect(people.map(({ login }) => login).toSorted()).toEqual(loginsTo(5));
    const isIn = async (person: FirstSignIn): Promise<boolean> =>
      kind === 'password'
        ? (await signIn(okta, person)) === 'PASSWORD_EXPIRED'
        : (await fetch(person.link)).status === 200;
    for (const person of people) expect(await isIn(person)).toBe(true);
    expect(okta.ledger.mails).toEqual([]);
  },
);

it('without a file, the next night names those who may have no way in', async () => {
  const { at, env } = await scene(MAPPING);
  at.file('people.csv', peopleCsv(2));
  const sync = ['sync', 'people.csv', '--dataset=staff', '--mapping=mapping.yaml'];
  const moment: Moment = { is: 'after', step: 'request', nth: 1 };
  await killAt(moment, [...sync, '--links=links.csv', '--run-id=killed', '--concurrency=1'], {
    at,
    env,
    nodeArgs: FAST_WAITS,
  });
  await delay(DRAIN_MS);

  const { stderr } = await startCli(sync, { at, env, nodeArgs: FAST_WAITS }).finished;

  expect(stderr).toContain(
    '1 person of run killed may have no link or password in its file, because the run did not come to its end: p1@example.com.',
  );
});
