import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, it, onTestFinished } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { createAuthority } from '../helpers/authority.js';
import { orgSettings } from '../helpers/cli.js';
import { connectProxy, type ConnectProxyOptions } from '../helpers/connect-proxy.js';
import { fastClock } from '../helpers/fast-clock.js';
import { peopleCsv } from '../helpers/people.js';
import { tlsOrg } from '../helpers/tls-org.js';
import { workplace } from '../helpers/workplace.js';
import { CLIENT_ID, testApp } from '../okta/auth/apps.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

const PATIENCE = '--give-up-after=0';

it('connections, certificates and proxies', async () => {
  const transcript = new Transcript();
  const authority = await createAuthority();
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  const ca = authority.file(at.folder);
  const get = (title: string, env: Readonly<Record<string, string>>, ...args: string[]) =>
    transcript.command(title, ['get', 'me', PATIENCE, ...args], { at, env, clock: fastClock() });

  transcript.section('The org');
  const closed = { url: 'http://127.0.0.1:9', token: 'x' };
  await get('nothing is listening', orgSettings(closed));
  await get('no such host', orgSettings({ url: 'https://acme.okta.invalid', token: 'x' }), '--custom-domain');
  const faults: readonly (readonly [string, Fault])[] = [
    ['a web page instead of a response', { on: 'any', then: 'html-body', status: 404 }],
    ['a web page with status 200', { on: 'any', then: 'html-body-after-commit' }],
    ['an incomplete response', { on: 'any', then: 'half-json-body' }],
    ['an empty response', { on: 'any', then: 'empty-body' }],
    ['the connection is lost', { on: 'any', then: 'reset-before-commit' }],
    ['a truncated response', { on: 'any', then: 'truncated-body' }],
    ['a gateway is down', { on: 'any', then: 'status-502' }],
    ['the org is down', { on: 'any', then: 'status-503' }],
    ['an error to look up', { on: 'any', then: 'okta-error', errorCode: 'E0000005' }],
    ['no permission', { on: 'any', then: 'okta-error', errorCode: 'E0000006' }],
  ];
  for (const [title, fault] of faults) {
    const { env } = await sandboxOrg({ faults: [fault] });
    await get(title, env);
  }
  const slow = await sandboxOrg({ latencyMs: 2000 });
  await get('no response in time', slow.env, '--request-timeout=0.2');
  const elsewhere = await redirecting();
  await get('a redirect', orgSettings({ url: elsewhere, token: 'x' }));

  transcript.section('Certificates');
  const certificates: readonly (readonly [
    string,
    string[],
    { from: number; to: number } | undefined,
    boolean,
  ])[] = [
    ['expired', ['localhost'], { from: -9, to: -2 }, true],
    ['not valid yet', ['localhost'], { from: 2, to: 9 }, true],
    ['for another host', ['www.example.com'], undefined, true],
    ['of an unknown issuer', ['localhost'], undefined, false],
  ];
  for (const [title, names, days, isTrusted] of certificates) {
    const org = await tlsOrg(okta.url, await authority.issue(names, days));
    await get(title, orgSettings({ url: org.url, token: okta.token }), ...(isTrusted ? ['--ca', ca] : []));
  }

  transcript.section('Proxies');
  const proxies: readonly (readonly [string, Partial<ConnectProxyOptions>, string])[] = [
    ['a proxy that requires a password', { credentials: 'mole:right' }, ''],
    ['a proxy that rejects the password', { credentials: 'mole:right' }, 'mole:other@'],
    ['a proxy that requires NTLM', { credentials: 'mole:right', challenge: 'NTLM' }, ''],
    ['a proxy that rejects the connection', { status: 403 }, ''],
    ['a proxy that cannot reach the org', { status: 502 }, ''],
    ['a proxy that drops the connection', { diesFor: 100 }, ''],
  ];
  for (const [title, options, credentials] of proxies) {
    const proxy = await connectProxy({ leadsTo: okta.url, ...options });
    const env = {
      ...orgSettings({ url: 'https://acme.okta.example', token: 'x' }),
      HTTPS_PROXY: `http://${credentials}${proxy.host}`,
    };
    await get(title, env, '--custom-domain');
  }
  await get('a proxy that is not running', {
    ...orgSettings({ url: 'https://acme.okta.com', token: 'x' }),
    HTTPS_PROXY: 'http://127.0.0.1:9',
  });

  await expect(transcript.text).toMatchFileSnapshot('snapshots/connections.txt');
});

it('signing in as an app', async () => {
  const transcript = new Transcript();
  const signIn = async (
    title: string,
    {
      app = {},
      org = {},
      env = {},
    }: { app?: Parameters<typeof testApp>[0]; org?: SandboxOptions; env?: object },
    args: readonly string[] = ['list', '--limit=1'],
  ): Promise<void> => {
    const test = testApp(app);
    const okta = await startSandbox({ serviceApps: [test.seed], ...org });
    onTestFinished(() => okta.close());
    const at = workplace();
    at.file('key.pem', test.pem);
    const settings = {
      OKTA_CLIENT_ORGURL: okta.url,
      OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
      OKTA_CLIENT_CLIENTID: CLIENT_ID,
      OKTA_CLIENT_PRIVATEKEY: test.pem,
      OKTA_CLIENT_KEYID: 'one',
      ...env,
    };
    await transcript.command(title, [...args, PATIENCE], { at, env: settings });
  };

  await signIn('whoami', {}, ['whoami']);
  await signIn('whoami without some scopes', { app: { scopes: ['okta.users.read'] } }, ['whoami']);
  await signIn('whoami without an admin role', { app: { hasAdminRole: false } }, ['whoami']);
  await signIn('whoami with a clock that is ahead', { org: { clockSkewMs: -600_000 } }, ['whoami']);
  await signIn('whoami with a clock that is behind', { org: { clockSkewMs: 600_000 } }, ['whoami']);
  const bearer = { OKTA_CLIENT_AUTHORIZATIONMODE: 'Bearer', OKTA_CLIENT_TOKEN: 'other' };
  await signIn('whoami with an access token', { env: bearer }, ['whoami']);
  await signIn('an access token that has expired', { env: bearer });
  await signIn('an unknown app', { env: { OKTA_CLIENT_CLIENTID: '0oaNobody' } });
  await signIn('an unknown key', { env: { OKTA_CLIENT_PRIVATEKEY: testApp().pem } });
  await signIn('an unknown key ID', { env: { OKTA_CLIENT_KEYID: 'two' } });
  await signIn('a scope that does not exist', {
    env: { OKTA_CLIENT_SCOPES: 'okta.users.read okta.user.read' },
  });
  await signIn('no scope granted', { app: { scopes: ['okta.groups.read'] } });
  await signIn('no scope at all', { app: { scopes: [] } });
  await signIn('no admin role', { app: { hasAdminRole: false } });
  await signIn('a proof that the org rejects', {
    app: { dpop: true },
    org: { faults: [{ on: 'listUsers', then: 'invalid-dpop-proof' }] },
  });
  await signIn('an unknown key and a clock that is ahead', {
    org: { clockSkewMs: -600_000 },
    env: { OKTA_CLIENT_PRIVATEKEY: testApp().pem },
  });
  await signIn('a page instead of a token', { org: tokenFault(404) });
  await signIn('a token endpoint that is down', { org: tokenFault(503) });

  await expect(transcript.text).toMatchFileSnapshot('snapshots/signing-in.txt');
});

it('runs that the org stops', async () => {
  const transcript = new Transcript();
  const stopped = async (title: string, options: SandboxOptions, ...args: string[]): Promise<void> => {
    const at = workplace();
    const { env } = await sandboxOrg(options);
    const file = at.file('people.csv', peopleCsv(3));
    const flags = ['--run-id=it', '--concurrency=1', '--no-progress', '--give-up-after=10', ...args];
    await transcript.command(title, ['import', file, ...flags], { at, env, clock: fastClock() });
  };

  await stopped('ERR_ORG_AWAY: the org becomes unavailable', {
    faults: [{ on: 'any', nth: [...rest(3)], then: 'status-503' }],
  });
  await stopped('ERR_CREATES_FAIL: no user can be created', {
    faults: [{ on: 'createUser', then: 'status-500' }],
  });
  await stopped('the org becomes read-only', { faults: [{ on: 'write', then: 'read-only' }] });
  await stopped('the admin may not create users', {
    faults: [{ on: 'createUser', then: 'okta-error', errorCode: 'E0000006' }],
  });
  await stopped('the admin may not create one of the users, which does not stop the run', {
    faults: [{ on: 'createUser', nth: 2, then: 'okta-error', errorCode: 'E0000006' }],
  });
  await stopped('ERR_OKTA_CONNECTION: connections are lost', {
    faults: [{ on: 'any', nth: [...rest(3)], then: 'reset-before-commit' }],
  });

  await expect(transcript.text).toMatchFileSnapshot('snapshots/stopped-runs.txt');
});

function tokenFault(status: number): SandboxOptions {
  return { faults: [{ on: 'token', then: 'html-body', status }] };
}

/** The numbers from one on, for long enough. */
function rest(from: number): readonly number[] {
  return Array.from({ length: 10_000 }, (_, index) => from + index);
}

/** A server that redirects every request. */
async function redirecting(): Promise<string> {
  const server = createServer((_, response) =>
    response.writeHead(302, { location: 'https://example.com/' }).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
