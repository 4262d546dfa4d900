import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../helpers/cli.js';
import { frontOrg, type FrontOrg, type FrontRequest, type FrontResponse } from '../helpers/front-org.js';
import { cli } from '../helpers/in-process-cli.js';
import { firstOf, readsPathsLikeOkta, requiresDpopLikeOkta } from '../helpers/path-rules.js';
import { workplace, type Workplace } from '../helpers/workplace.js';
import { CLIENT_ID, testApp } from '../okta/auth/apps.js';

interface Bench {
  readonly okta: Sandbox;
  readonly front: FrontOrg;
  readonly at: Workplace;
  readonly run: (...args: readonly string[]) => Promise<CliResult>;
}

const SCOPES =
  'okta.users.manage okta.groups.manage okta.schemas.read okta.userTypes.read okta.groups.read okta.users.read';

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
    options,
    before = () => undefined,
  }: {
    readonly signsWithDpop?: boolean;
    readonly options?: SandboxOptions;
    readonly before?: (request: FrontRequest) => FrontResponse | undefined;
  } = {},
): Promise<Bench> {
  const users = logins.map((login) => ({
    profile: { login, email: 'shared@example.com', firstName: 'Ada', lastName: 'Odd' },
  }));
  const okta = await startSandbox({
    orgOptions: { loginPattern: '.+' },
    seed: { users },
    rateLimits: false,
    ...options,
  });
  onTestFinished(() => okta.close());
  const signIn = signsWithDpop ? requiresDpopLikeOkta(() => front.url, SCOPES) : () => undefined;
  const front = await frontOrg(okta, firstOf(signIn, before, readsPathsLikeOkta(okta)));
  const at = workplace();
  const { pem } = testApp();
  writeFileSync(join(at.folder, 'key.pem'), pem, { mode: 0o600 });
  const env = signsWithDpop
    ? {
        OKTA_CLIENT_ORGURL: front.url,
        OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
        OKTA_CLIENT_CLIENTID: CLIENT_ID,
        OKTA_CLIENT_PRIVATEKEY: 'key.pem',
      }
    : orgSettings(front);
  return { okta, front, at, run: (...args) => cli(args, { at, env }) };
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
      options: { faults: [{ on: 'createUser', every: 2, then: 'reset-after-commit' }] },
    });
    at.file('people.csv', csvOf(LOGINS, 'Lead'));

    expect(await run('import', 'people.csv', '--run-id', 'it')).toMatchObject({ exitCode: 0 });
    expect(at.run('it').summary.counts).toMatchObject({ created: LOGINS.length });
    expect(okta.users()).toHaveLength(LOGINS.length + others.length);

    expect(await run('undo', 'it', '--yes')).toMatchObject({ exitCode: 0 });
    expect(okta.users().map(({ profile }) => profile.login)).toEqual(others);
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
    const { run, front } = await bench(['ada@example.com', 'bob@example.com'], {
      before: ({ path }) =>
        path.startsWith('/api/v1/users/')
          ? {
              status: 200,
              body: {
                id: '00uother',
                status: 'ACTIVE',
                created: '2026-01-01T00:00:00.000Z',
                type: { id: 'oty1' },
                profile: { login: 'mallory@example.com' },
              },
            }
          : undefined,
    });

    expect(await run('get', 'nobody@example.com')).toMatchObject({ exitCode: 1, stdout: '' });
    const { stdout } = await run('get', 'bob@example.com');
    expect(JSON.parse(stdout)).toMatchObject({ profile: { login: 'bob@example.com' } });
    expect(front.count(/search=profile\.login/)).toBeGreaterThan(0);
  });

  it('searches for a login whose path a web server or firewall refuses', async () => {
    const page = { status: 403, body: '<!doctype html><title>Blocked</title>' };
    const { run } = await bench(["o'brien@example.com"], {
      before: ({ path }) => (path.includes("o'brien") ? page : undefined),
    });

    expect(await run('get', "o'brien@example.com")).toMatchObject({ exitCode: 0, stderr: '' });
  });
});
