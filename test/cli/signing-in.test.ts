import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { Whoami } from '../../src/cli/whoami-text.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { workplace, type Workplace } from '../helpers/workplace.js';
import { CLIENT_ID, testApp } from '../okta/auth/apps.js';

const PEOPLE = 'login,email,firstName,lastName\nada@example.com,ada@example.com,Ada,Byron\n';

interface Bench {
  readonly okta: Sandbox;
  readonly at: Workplace;
  /** Settings of an app whose key is in `key.pem`. */
  readonly app: Readonly<Record<string, string>>;
  readonly pem: string;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<CliResult>;
}

async function bench(seed: Parameters<typeof testApp>[0] = {}, options: SandboxOptions = {}): Promise<Bench> {
  const test = testApp(seed);
  const okta = await startSandbox({ serviceApps: [test.seed], ...options });
  onTestFinished(() => okta.close());
  const at = workplace();
  writeFileSync(join(at.folder, 'key.pem'), test.pem, { mode: 0o600 });
  at.file('people.csv', PEOPLE);
  const app = {
    OKTA_CLIENT_ORGURL: okta.url,
    OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
    OKTA_CLIENT_CLIENTID: CLIENT_ID,
    OKTA_CLIENT_PRIVATEKEY: 'key.pem',
    OKTA_CLIENT_KEYID: 'one',
  };
  return { okta, at, app, pem: test.pem, run: async (args, env = app) => cli(args, { at, env }) };
}

async function whoami(
  { run }: Bench,
  env?: Readonly<Record<string, string>>,
): Promise<[number | null, Whoami]> {
  const { exitCode, stdout } = await run(['whoami', '--json'], env);
  return [exitCode, JSON.parse(stdout) as Whoami];
}

describe('import, verify and undo', () => {
  it('sign in with an app’s key and DPoP, and leave no secret behind', async () => {
    const { okta, at, run, pem } = await bench({ dpop: true });
    const imported = await run(['import', 'people.csv', '--run-id', 'run']);
    expect(imported).toMatchObject({ exitCode: 0 });
    expect(okta.users()).toMatchObject([{ profile: { login: 'ada@example.com' } }]);
    expect(await run(['verify', 'run'])).toMatchObject({ exitCode: 0 });
    expect(await run(['undo', 'run', '--yes'])).toMatchObject({ exitCode: 0 });

    expect(okta.users()).toEqual([]);
    const written = at.everyFileExcept('key.pem') + imported.stdout + imported.stderr;
    expect(written).not.toContain(pem.split('\n')[1]);
    expect(written).not.toMatch(/sandbox\.access|eyJ/);
  });

  it('end with exit code 2 and send nothing when the app is rejected', async () => {
    const { okta, run, app } = await bench({ scopes: ['okta.groups.read'] });
    const { exitCode, stderr } = await run(['import', 'people.csv']);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('okta.users.manage');
    expect(stderr).toContain('Okta API Scopes');
    expect(okta.ledger.requests({ operation: 'createUser' })).toBe(0);
    const unknown = await run(['list'], { ...app, OKTA_CLIENT_CLIENTID: '0oaNobody' });
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('OKTA_CLIENT_CLIENTID') });
  });

  it('recognize the org under each of its addresses', async () => {
    const { okta, at, run } = await bench();
    await run(['import', 'people.csv', '--run-id', 'run'], orgSettings(okta));
    at.file('prod.env', `OKTA_ORG_URL=${okta.url}/\nOKTA_API_TOKEN=${okta.token}\n`);
    const { exitCode, stderr } = await run(['undo', 'run', '--yes', '--env-file', 'prod.env'], {});

    expect(exitCode).toBe(0);
    expect(stderr).toContain(`chmod 600 ${at.folder}/prod.env`);
  });
});

describe('whoami', () => {
  it('shows the owner of an API token, and the source of each setting', async () => {
    const test = await bench({}, { rateLimits: { limits: { '/api/v1/users': 600 } } });
    test.at.file('okta.yaml', `okta:\n  client:\n    orgUrl: ${test.okta.url}\n`);
    const env = { OKTA_CLIENT_TOKEN: test.okta.token };
    const [exitCode, found] = await whoami(test, env);

    expect(exitCode).toBe(0);
    expect(found).toMatchObject({
      org: test.okta.url,
      signIn: {
        mode: 'SSWS',
        login: 'sandbox.admin@example.com',
        roles: ['Super Administrator (SUPER_ADMIN)'],
        scopes: null,
      },
      settings: [
        { name: 'orgUrl', value: test.okta.url, from: 'okta.client.orgUrl in ./okta.yaml, line 3' },
        { name: 'token', value: '[secret]', from: 'OKTA_CLIENT_TOKEN' },
      ],
      problem: null,
    });
    expect(found.rights.every(({ isGranted }) => isGranted)).toBe(true);
    expect(found.rateLimits).toContainEqual({ bucket: '/api/v1/users', limit: 600 });
    expect(Math.abs(found.clock?.offsetMs ?? Number.NaN)).toBeLessThan(5000);
    const { stdout } = await test.run(['whoami'], env);
    expect(stdout).toContain('Super Administrator');
    expect(stdout).not.toContain(test.okta.token);
    expect(test.okta.ledger.requests()).toBe(test.okta.ledger.requests({ status: 200 }));
  });

  it('shows the scopes that an app was granted, and what is missing', async () => {
    const test = await bench({ scopes: ['okta.users.read', 'okta.schemas.read'], dpop: true });
    const [exitCode, found] = await whoami(test);

    expect(exitCode).toBe(1);
    expect(found.signIn).toMatchObject({
      mode: 'PrivateKey',
      clientId: CLIENT_ID,
      scopes: ['okta.users.read', 'okta.schemas.read'],
    });
    expect(found.rights.map(({ right, isGranted }) => [right, isGranted])).toEqual([
      ['create users', false],
      ['read users', true],
      ['read by login', true],
      ['read attributes', true],
      ['read user types', false],
      ['read groups', false],
    ]);
  });

  it('reports that an app without an admin role has no permissions, whatever its scopes', async () => {
    const [exitCode, { rights }] = await whoami(await bench({ hasAdminRole: false }));

    expect(exitCode).toBe(1);
    expect(rights[0]).toMatchObject({ right: 'create users', isGranted: false });
    expect(rights[0]?.because).toContain('admin role');
  });

  it('works with an existing access token, whose scopes are unknown', async () => {
    const test = await bench();
    const [exitCode, found] = await whoami(test, {
      OKTA_CLIENT_ORGURL: test.okta.url,
      OKTA_CLIENT_AUTHORIZATIONMODE: 'Bearer',
      OKTA_CLIENT_TOKEN: await accessTokenOf(test),
    });

    expect(exitCode).toBe(0);
    expect(found.signIn).toMatchObject({ mode: 'Bearer', scopes: null });
    expect(found.rights[0]).toMatchObject({ right: 'create users', isGranted: null });
    expect(found.rights[1]).toMatchObject({ right: 'read users', isGranted: true });
  });

  it('shows the clock offset', async () => {
    const test = await bench({}, { clockSkewMs: -600_000 });
    const [exitCode, found] = await whoami(test);

    expect(exitCode).toBe(0);
    expect(found.clock?.offsetMs).toBeGreaterThan(-605_000);
    expect(found.clock?.offsetMs).toBeLessThan(-595_000);
    expect((await test.run(['whoami'])).stdout).toMatch(/(59[5-9]|60[0-5]) s ahead of the org/);
  });

  it('shows the settings and the problem even when the sign-in fails', async () => {
    const test = await bench();
    const refused = await whoami(test, { ...orgSettings(test.okta), OKTA_CLIENT_TOKEN: 'other' });
    expect(refused).toMatchObject([
      2,
      { settings: [{ name: 'orgUrl' }, { name: 'token' }], problem: { code: 'ERR_OKTA_API' } },
    ]);
    const wrong = await test.run(['whoami'], {
      OKTA_CLIENT_ORGURL: 'https://acme-admin.okta.com',
      OKTA_CLIENT_TOKEN: 'x',
    });
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stdout).toContain('https://acme-admin.okta.com');
    expect(wrong.stdout).toContain('Use the URL of the org: https://acme.okta.com.');
  });
});

/** A bearer token that was obtained elsewhere. */
async function accessTokenOf({ okta, app, pem }: Bench): Promise<string> {
  const url = `${okta.url}/oauth2/v1/token`;
  const clientId = app['OKTA_CLIENT_CLIENTID'] ?? '';
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(url)
    .setExpirationTime('5 minutes')
    .sign(createPrivateKey(pem));
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'okta.users.manage okta.schemas.read',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
