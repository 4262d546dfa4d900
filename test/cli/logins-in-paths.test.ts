import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { interceptedOrg, json, type Interceptor } from '../helpers/intercepted-org.js';
import { workplace, type Workplace } from '../helpers/workplace.js';
import { CLIENT_ID, testApp } from '../okta/auth/apps.js';

interface Bench {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly run: (...args: readonly string[]) => Promise<CliResult>;
}

/** Logins that a path can carry only percent-encoded, and ones that it cannot carry at all. */
const LOGINS = [
  'ann@example.com',
  'ann+test@example.com',
  "o'brien@example.com",
  'zoë@example.com',
  '山田@example.com',
  '50%off@example.com',
  'a|b@example.com',
  'who?@example.com',
  'ann#1@example.com',
  'sales/bob@example.com',
  String.raw`CORP\bob`,
  'zoe;x',
];

async function bench(
  logins: readonly string[],
  {
    signsWithDpop = false,
    faults,
    intercept = () => undefined,
  }: {
    readonly signsWithDpop?: boolean;
    readonly faults?: SandboxOptions['faults'];
    readonly intercept?: Interceptor;
  } = {},
): Promise<Bench> {
  const users = logins.map((login) => ({
    profile: { login, email: 'shared@example.com', firstName: 'Ada', lastName: 'Odd' },
  }));
  const { seed, pem } = testApp({ dpop: true });
  const okta = await startSandbox({
    orgOptions: { loginPattern: '.+' },
    seed: { users },
    serviceApps: [seed],
    rateLimits: false,
    faults,
  });
  onTestFinished(() => okta.close());
  const at = workplace();
  if (signsWithDpop) writeFileSync(join(at.folder, 'key.pem'), pem, { mode: 0o600 });
  const env = signsWithDpop
    ? {
        OKTA_CLIENT_ORGURL: okta.url,
        OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
        OKTA_CLIENT_CLIENTID: CLIENT_ID,
        OKTA_CLIENT_PRIVATEKEY: 'key.pem',
      }
    : orgSettings({ url: (await interceptedOrg(okta, intercept)).url, token: okta.token });
  return { okta, at, run: (...args) => cli(args, { at, env }) };
}

function csvOf(logins: readonly string[], title: string): string {
  const rows = logins.map((login) => `"${login}",shared@example.com,Ada,Odd,${title}`);
  return `${['login,email,firstName,lastName,title', ...rows].join('\n')}\n`;
}

describe.each([
  ['an API token', false],
  ['an app that signs with DPoP', true],
])('with %s', (_, signsWithDpop) => {
  it.each(LOGINS)('get prints the user with the login %s', async (login) => {
    const { run } = await bench([...LOGINS, 'zoe'], { signsWithDpop });

    const { exitCode, stdout, stderr } = await run('get', login);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ profile: { login } });
  });

  it('import --if-exists skip and update find each of the users', async () => {
    const { run, at, okta } = await bench(LOGINS, { signsWithDpop });
    at.file('people.csv', csvOf(LOGINS, 'Lead'));

    expect(await run('import', 'people.csv', '--if-exists', 'skip', '--run-id', 'skip')).toMatchObject({
      exitCode: 0,
    });
    expect(await run('import', 'people.csv', '--if-exists', 'update', '--run-id', 'update')).toMatchObject({
      exitCode: 0,
    });

    expect(at.run('skip').summary.counts).toMatchObject({ exists: LOGINS.length });
    expect(at.run('update').summary.counts).toMatchObject({ updated: LOGINS.length });
    expect(okta.users().map(({ profile }) => profile['title'])).toEqual(LOGINS.map(() => 'Lead'));
  });

  it('import settles creates without a response, and undo deletes exactly their users', async () => {
    const others = ['zoe', 'CORP'];
    const { run, at, okta } = await bench(others, {
      signsWithDpop,
      faults: [{ on: 'createUser', every: 2, then: 'reset-after-commit' }],
    });
    at.file('people.csv', csvOf(LOGINS, 'Lead'));

    expect(await run('import', 'people.csv', '--run-id', 'it')).toMatchObject({ exitCode: 0 });
    expect(at.run('it').summary.counts).toMatchObject({ created: LOGINS.length });
    expect(okta.users()).toHaveLength(LOGINS.length + others.length);

    expect(await run('undo', 'it', '--yes')).toMatchObject({ exitCode: 0 });
    expect(okta.users().map(({ profile }) => profile.login)).toEqual(others);
  });

  it('resume finds the users of creates without a response', async () => {
    const { run, at, okta } = await bench([], { signsWithDpop });
    at.file('people.csv', csvOf(LOGINS, 'Lead'));
    okta.addFault({ on: 'createUser', then: 'reset-after-commit' });
    okta.addFault({ on: ['getUser', 'listUsers'], then: 'status-503' });
    const interrupted = await run(
      'import',
      'people.csv',
      '--run-id=it',
      '--give-up-after=0',
      '--concurrency=4',
    );
    expect(interrupted).toMatchObject({ exitCode: 3 });
    const createdBefore = okta.users().length;
    expect(createdBefore).toBeGreaterThan(0);
    okta.clearFaults();

    expect(await run('resume', 'it')).toMatchObject({ exitCode: 0 });
    expect(at.run('it').summary.counts).toMatchObject({ created: LOGINS.length });
    expect(okta.users()).toHaveLength(LOGINS.length);
    expect(okta.ledger.created).toHaveLength(LOGINS.length);
  });

  it('validate --org names each login that exists', async () => {
    const { run, at } = await bench(LOGINS, { signsWithDpop });
    at.file('people.csv', csvOf(LOGINS, 'Lead'));

    const { stderr } = await run('validate', 'people.csv', '--org', '--run-id', 'it');

    expect(at.run('it').summary.counts).toMatchObject({ invalid: LOGINS.length });
    expect(stderr).toContain('already exists in Okta');
  });
});

describe('get', () => {
  it.each([
    ['zoe;x', 'zoe'],
    ['zoe;x@example.com', 'zoe'],
    ['.', 'zoe'],
  ])('reports that there is no user %s instead of printing another one', async (name, other) => {
    const { run } = await bench([other]);

    expect(await run('get', name)).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('never accepts an answer about another user, whatever the login', async () => {
    const other = {
      id: '00uother',
      status: 'ACTIVE',
      type: { id: 'oty1' },
      profile: { login: 'eve@example.com' },
    };
    const { run } = await bench(['ada@example.com', 'bob@example.com'], {
      intercept: ({ path }) => (path.startsWith('/api/v1/users/') ? json(200, other) : undefined),
    });

    expect(await run('get', 'nobody@example.com')).toMatchObject({ exitCode: 1, stdout: '' });
    const { stdout } = await run('get', 'bob@example.com');
    expect(JSON.parse(stdout)).toMatchObject({ profile: { login: 'bob@example.com' } });
  });

  it('searches for a login whose path a web server or firewall refuses', async () => {
    const page = { status: 403, headers: { 'content-type': 'text/html' }, text: '<title>Blocked</title>' };
    const { run } = await bench(["o'brien@example.com"], {
      intercept: ({ path }) => (path.includes("o'brien") ? page : undefined),
    });

    expect(await run('get', "o'brien@example.com")).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

it('distinguishes a user whose login is the ID of another user from that user', async () => {
  const { okta, at, run } = await bench(['ann@example.com']);
  const annId = okta.findUser('ann@example.com')?.id ?? '';
  writeFileSync(join(at.folder, 'people.csv'), csvOf([annId], 'Lead'));

  expect((await run('import', 'people.csv', '--no-activate', '--run-id=created')).exitCode).toBe(0);
  writeFileSync(join(at.folder, 'people.csv'), csvOf([annId], 'Boss'));
  expect((await run('import', 'people.csv', '--if-exists=update', '--run-id=updated')).exitCode).toBe(0);

  expect(okta.users().map(({ profile }) => [profile.login, profile['title']])).toEqual([
    ['ann@example.com', undefined],
    [annId, 'Boss'],
  ]);
  await run('undo', 'updated', '--yes');
  await run('undo', 'created', '--yes');
  expect(okta.users().map(({ profile }) => profile.login)).toEqual(['ann@example.com']);
});
