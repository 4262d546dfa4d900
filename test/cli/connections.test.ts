import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { createAuthority, type Authority } from '../helpers/authority.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { connectProxy, type ConnectProxyOptions } from '../helpers/connect-proxy.js';
import { loginsTo, peopleCsv } from '../helpers/people.js';
import { recordedOrg } from '../helpers/recorder.js';
import { tlsOrg } from '../helpers/tls-org.js';
import { CLIENT_ID, testApp } from '../okta/auth/apps.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});

/** Not on this machine, so that a proxy is used. */
const ORG = 'https://acme.okta.example';
const CUSTOM_DOMAIN = { OKTA_CLIENT_CUSTOMDOMAIN: 'acme.okta.example' };

async function sandboxByTls(names: readonly string[], days?: { from: number; to: number }) {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const org = await tlsOrg(sandbox.url, await authority.issue(names, days));
  return { sandbox, org };
}

function loginsIn(sandbox: Sandbox): string[] {
  return sandbox
    .users()
    .map(({ profile }) => profile['login'])
    .filter((login) => /^p\d+@/.test(login));
}

describe('an org with TLS', () => {
  it.each<[how: string, env: (file: string) => Record<string, string>, flags: (file: string) => string[]]>([
    ['--ca', () => ({}), (file) => ['--ca', file]],
    ['NODE_EXTRA_CA_CERTS', (file) => ({ NODE_EXTRA_CA_CERTS: file }), () => []],
    ['SSL_CERT_FILE', (file) => ({ SSL_CERT_FILE: file }), () => []],
  ])('accepts an import when its issuer is trusted by %s', async (_, env, flags) => {
    const at = workplace();
    const { sandbox, org } = await sandboxByTls(['localhost']);
    const ca = authority.file(at.folder);
    const { exitCode } = await cli(
      ['import', at.file('people.csv', peopleCsv(20)), '--run-id', 'night', ...flags(ca)],
      { at, env: { ...orgSettings({ url: org.url, token: sandbox.token }), ...env(ca) } },
    );

    expect(exitCode).toBe(0);
    expect(loginsIn(sandbox).sort()).toEqual(loginsTo(20).sort());
    expect(at.run('night').summary.org).toBe(org.url);
  });

  it.each<
    [
      what: string,
      names: string[],
      days: { from: number; to: number } | undefined,
      isTrusted: boolean,
      words: RegExp,
    ]
  >([
    ['has expired', ['localhost'], { from: -9, to: -2 }, true, /certificate of localhost expired on \d{4}-/],
    [
      'is for another host',
      ['www.example.com'],
      undefined,
      true,
      /is for www\.example\.com, not for localhost/,
    ],
    [
      'is of an unknown issuer',
      ['localhost'],
      undefined,
      false,
      /issued by "Example Root CA", which .* --ca/s,
    ],
  ])(
    'whose certificate %s is reported before anything starts: exit code 2, no token sent, no run folder',
    async (_, names, days, isTrusted, words) => {
      const at = workplace();
      const { sandbox, org } = await sandboxByTls(names, days);
      const ca = isTrusted ? ['--ca', authority.file(at.folder)] : [];
      const { exitCode, stderr, stdout } = await cli(['import', at.file('people.csv', peopleCsv(3)), ...ca], {
        at,
        env: orgSettings({ url: org.url, token: sandbox.token }),
      });

      expect(exitCode).toBe(2);
      expect(stderr).toMatch(words);
      expect(stdout).toBe('');
      // Only once: a retry cannot help here.
      expect(org.handshakes()).toBeLessThanOrEqual(1);
      expect(org.requests).toEqual([]);
      expect(loginsIn(sandbox)).toEqual([]);
    },
  );

  it('is not contacted with NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
    const at = workplace();
    const { sandbox, org } = await sandboxByTls(['localhost']);
    const { exitCode, stderr } = await cli(['get', 'me'], {
      at,
      env: { ...orgSettings({ url: org.url, token: sandbox.token }), NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED is 0');
    expect(org.handshakes()).toBe(0);
  });
});

describe('a proxy', () => {
  it('is used for the token endpoint, too, when signing in with a key', async () => {
    const at = workplace();
    const { seed, pem } = testApp();
    const okta = await startSandbox({ serviceApps: [seed] });
    onTestFinished(() => okta.close());
    // The org must have the address for which the assertion is made.
    const org = await tlsOrg(okta.url, await authority.issue(['acme.okta.example']));
    const proxy = await connectProxy({ leadsTo: org.url });
    at.file('key.pem', pem);
    const { stderr } = await cli(['list', '--limit', '1', '--ca', authority.file(at.folder)], {
      at,
      env: {
        OKTA_CLIENT_ORGURL: ORG,
        OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
        OKTA_CLIENT_CLIENTID: CLIENT_ID,
        OKTA_CLIENT_PRIVATEKEY: 'key.pem',
        OKTA_CLIENT_KEYID: 'one',
        HTTPS_PROXY: proxy.url,
        ...CUSTOM_DOMAIN,
      },
    });

    expect(org.requests.map(({ path }) => path)).toContain('/oauth2/v1/token');
    expect(proxy.tunnels.map(({ target }) => target)).toContain('acme.okta.example:443');
    expect(stderr).not.toContain('ENOTFOUND');
  });

  it('with a password is used, and the password is not in any file or message', async () => {
    const { at, sandbox, proxy, run } = await company({ credentials: 'mole:pr0xy-s3cret@' });
    const file = at.file('people.csv', peopleCsv(30));
    const result = await run(
      ['import', file, '--run-id', 'night'],
      `http://mole:pr0xy-s3cret%40@${proxy.host}`,
    );

    expect(result.exitCode).toBe(0);
    expect(loginsIn(sandbox)).toHaveLength(30);
    expect(proxy.tunnels.length).toBeGreaterThan(0);
    expect(new Set(proxy.tunnels.map(({ target }) => target))).toEqual(new Set(['acme.okta.example:443']));
    expectNoSecret(at, result, ['pr0xy-s3cret', Buffer.from('mole:pr0xy-s3cret@').toString('base64')]);
  });

  it('that requires a password is reported after one request, with exit code 2', async () => {
    const { proxy, at, run } = await company({ credentials: 'mole:right' });
    const result = await run(['get', 'me'], `http://mole:wr0ng-s3cret@${proxy.host}`);

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(`The proxy ${proxy.url} requires authentication (407).`);
    expect(result.stderr).toContain('rejected the user name and password in HTTPS_PROXY');
    expect(proxy.tunnels).toHaveLength(1);
    expectNoSecret(at, result, ['wr0ng-s3cret', Buffer.from('mole:wr0ng-s3cret').toString('base64')]);
  });

  it('whose tunnels all break during an import causes no loss: each user is created once', async () => {
    const at = workplace();
    const recorded = await recordedOrg();
    const org = await tlsOrg(recorded.url, await authority.issue(['acme.okta.example']));
    const proxy = await connectProxy({ leadsTo: org.url });
    const hold = recorded.holdCreatesAfter(10);
    const running = cli(
      [
        'import',
        at.file('people.csv', peopleCsv(40)),
        '--run-id',
        'night',
        '--ca',
        authority.file(at.folder),
      ],
      {
        at,
        env: {
          ...orgSettings({ url: ORG, token: recorded.token }),
          ...CUSTOM_DOMAIN,
          HTTPS_PROXY: proxy.url,
        },
      },
    );
    await hold.waiting(5);
    proxy.breakTunnels();
    hold.release();
    const { exitCode } = await running;

    expect(exitCode).toBe(0);
    expect(loginsIn(recorded.okta).sort()).toEqual(loginsTo(40).sort());
    expect(at.run('night').results.every(({ status }) => status === 'created')).toBe(true);
  });

  it('is bypassed with NO_PROXY', async () => {
    const { proxy, run } = await company();
    const { exitCode, stderr } = await run(['get', 'me', '--give-up-after', '0'], proxy.url, {
      NO_PROXY: '.okta.example',
    });

    // Without the proxy, the host does not exist.
    expect(exitCode).toBe(2);
    expect(stderr).toContain('acme.okta.example');
    expect(proxy.tunnels).toEqual([]);
  });

  it('is not used for sandboxes, in this process or on a loopback address', async () => {
    const { at, sandbox, proxy } = await company();
    const everyProxy = Object.fromEntries(
      ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].map((name) => [
        name,
        proxy.url,
      ]),
    );
    const inside = await cli(['import', at.file('people.csv', peopleCsv(3)), '--sandbox'], {
      at,
      env: everyProxy,
    });
    const beside = await cli(['get', 'me'], { at, env: { ...orgSettings(sandbox), ...everyProxy } });

    expect([inside.exitCode, beside.exitCode]).toEqual([0, 0]);
    expect(proxy.tunnels).toEqual([]);
    expect(proxy.plainRequests).toEqual([]);
  });
});

/** A machine behind a proxy, and an org that only the proxy reaches. */
async function company(options: Partial<ConnectProxyOptions> = {}) {
  const at = workplace();
  const { sandbox, org } = await sandboxByTls(['acme.okta.example']);
  const proxy = await connectProxy({ leadsTo: org.url, ...options });
  const run = async (args: readonly string[], proxyUrl: string, env: Record<string, string> = {}) =>
    cli([...args, '--ca', authority.file(at.folder)], {
      at,
      env: {
        ...orgSettings({ url: ORG, token: sandbox.token }),
        HTTPS_PROXY: proxyUrl,
        ...CUSTOM_DOMAIN,
        ...env,
      },
    });
  return { at, sandbox, org, proxy, run };
}

function expectNoSecret(
  at: Workplace,
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
  secrets: readonly string[],
): void {
  const everything = stdout + stderr + at.everyFileExcept();
  for (const secret of secrets) expect(everything).not.toContain(secret);
}
