import { beforeAll, describe, expect, it } from 'vitest';

import type { systemClock } from '../../../src/clock.js';
import { reactionTo } from '../../../src/okta/http/failure-reaction.js';
import { createAuthority, type Authority } from '../../helpers/authority.js';
import { connectProxy, type ConnectProxyOptions } from '../../helpers/connect-proxy.js';
import { tlsOrg } from '../../helpers/tls-org.js';
import { acceleratedClock, clientFor, fakeOrg, unusedUrl } from '../servers.js';

import { create, trusting, userServer } from './tls-servers.js';

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});

/** Not on this machine, so that only the proxy leads there. */
const ORG = 'https://acme.okta.example';

describe('a proxy', () => {
  it('tunnels requests in TLS: it sees the host, but neither the token nor user data', async () => {
    const { org, proxy, result } = await through({});

    expect(result).toMatchObject({ user: { id: '00u1' } });
    expect(org.requests).toMatchObject([{ authorization: 'SSWS s3cret' }]);
    expect(proxy.tunnels).toMatchObject([{ target: 'acme.okta.example:443', authorization: undefined }]);
    expect(proxy.tunnels[0]!.headers).not.toHaveProperty('authorization');
    expect(proxy.plainRequests).toEqual([]);
  });

  it('keeps tunnels open: one for many requests, and never more than requests may be in flight', async () => {
    const org = await userServer(authority, ['acme.okta.example']);
    const proxy = await connectProxy({ leadsTo: org.url });
    const client = clientFor(ORG, {
      network: trusting(authority, { origin: proxy.url, authorization: undefined }),
      concurrency: 3,
    });
    await Promise.all(Array.from({ length: 30 }, () => client.getUser('me')));

    expect(org.requests).toHaveLength(30);
    expect(proxy.tunnels.length).toBeLessThanOrEqual(3);
  });

  it('that requires a user name and password gets them, and the org does not', async () => {
    const authorization = `Basic ${Buffer.from('proxyuser:pa ss').toString('base64')}`;
    const { proxy, result } = await through({ credentials: 'proxyuser:pa ss' }, { authorization });

    expect(result).toMatchObject({ user: { id: '00u1' } });
    expect(proxy.tunnels).toMatchObject([{ authorization }]);
  });

  it.each<
    [
      what: string,
      options: Partial<ConnectProxyOptions>,
      authorization: string | undefined,
      message: string,
      hint: string,
    ]
  >([
    [
      'requires a password',
      { credentials: 'proxyuser:x' },
      undefined,
      'requires authentication (407)',
      'Add a user name and password to HTTPS_PROXY',
    ],
    [
      'requires another password',
      { credentials: 'proxyuser:x' },
      `Basic ${Buffer.from('proxyuser:y').toString('base64')}`,
      '(407)',
      'rejected the user name',
    ],
    [
      'requires NTLM',
      { credentials: 'proxyuser:x', challenge: 'Negotiate, NTLM' },
      undefined,
      '(407)',
      'It accepts only negotiate or ntlm',
    ],
    [
      'forbids the host',
      { status: 403 },
      undefined,
      'does not allow connections to acme.okta.example:443 (403)',
      'NO_PROXY',
    ],
  ])('that %s fails immediately', async (_, options, authorization, message, hint) => {
    const { org, proxy, result } = await through(
      options,
      authorization === undefined ? {} : { authorization },
    );

    expect(result).toMatchObject({
      code: 'ERR_PROXY',
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    expect((result as Error).message).toContain(proxy.url);
    expect(reactionTo(result, true)).toEqual({ kind: 'stop' });
    expect(proxy.tunnels).toHaveLength(1);
    expect(org.requests).toEqual([]);
  });

  it('that fails before the tunnel is open is retried, and the create is not in doubt', async () => {
    const { org, proxy, result } = await through({ diesFor: 2 });

    expect(result).toMatchObject({ user: { id: '00u1' } });
    expect(proxy.tunnels).toHaveLength(3);
    expect(org.requests).toHaveLength(1);
  });

  it.each([502, 503, 504])(
    'that cannot reach the org (%d) is retried, then the org counts as unavailable',
    async (status) => {
      const { result } = await through({ status }, { clock: acceleratedClock });

      expect(result).toMatchObject({
        code: 'ERR_ORG_AWAY',
        message: expect.stringContaining(`cannot reach acme.okta.example:443 (${status})`),
        hint: expect.stringContaining('ask the administrator of the proxy'),
      });
      expect(reactionTo((result as Error).cause, true)).toEqual({ kind: 'retry', isFree: false });
    },
  );

  it('that never responds is given up after the timeout', async () => {
    const proxy = await connectProxy({ leadsTo: 'http://127.0.0.1:1', isSilent: true });
    const client = clientFor(ORG, {
      network: trusting(authority, { origin: proxy.url, authorization: undefined }),
      requestTimeoutMs: 200,
      giveUpAfterMs: 0,
    });

    await expect(client.getUser('me')).rejects.toThrow('no complete response within the timeout');
  });

  it('that is unreachable is reported by name, with what to check', async () => {
    const origin = await unusedUrl();
    const result = await create(
      ORG,
      trusting(authority, { origin, authorization: 'Basic c2VjcmV0' }),
      acceleratedClock,
    );

    expect(result).toMatchObject({
      code: 'ERR_ORG_AWAY',
      message: expect.stringContaining(
        `Could not connect to the proxy ${origin}: nothing is listening at that address (ECONNREFUSED)`,
      ),
      hint: expect.stringContaining('Check HTTPS_PROXY'),
    });
    expect(JSON.stringify(result) + String(result)).not.toContain('c2VjcmV0');
  });

  it('whose tunnel is lost during a create leaves it in doubt', async () => {
    const plain = await fakeOrg((response) => response.destroy());
    const org = await tlsOrg(plain.url, await authority.issue(['acme.okta.example']));
    const proxy = await connectProxy({ leadsTo: org.url });
    const result = await create(ORG, trusting(authority, { origin: proxy.url, authorization: undefined }));

    expect(result).toMatchObject({ code: 'ERR_OKTA_CONNECTION', neverSent: false });
    expect(reactionTo(result, true)).toEqual({ kind: 'in-doubt' });
  });

  it('does not replace the check of the org’s certificate', async () => {
    const org = await userServer(authority, ['acme.okta.example'], { from: -20, to: -10 });
    const proxy = await connectProxy({ leadsTo: org.url });
    const result = await create(ORG, trusting(authority, { origin: proxy.url, authorization: undefined }));

    expect(result).toMatchObject({
      code: 'ERR_CERTIFICATE',
      message: expect.stringMatching(/^The certificate of acme\.okta\.example expired on /),
    });
    expect(org.requests).toEqual([]);
  });

  it('reached by TLS needs a valid certificate of its own', async () => {
    const good = await through({ identity: await authority.issue(['localhost']) });
    const bad = await through({ identity: await authority.issue(['other.example.com']) });

    expect(good.result).toMatchObject({ user: { id: '00u1' } });
    expect(bad.result).toMatchObject({
      code: 'ERR_CERTIFICATE',
      message: expect.stringContaining(
        'The certificate of the proxy localhost is for other.example.com, not for localhost.',
      ),
    });
    expect(bad.proxy.tunnels).toEqual([]);
  });
});

/** A create through a proxy to an org with a valid certificate. */
async function through(
  options: Partial<ConnectProxyOptions>,
  { authorization, clock }: { authorization?: string; clock?: typeof systemClock } = {},
) {
  const org = await userServer(authority, ['acme.okta.example']);
  const proxy = await connectProxy({ leadsTo: org.url, ...options });
  const network = trusting(authority, { origin: proxy.url, authorization });
  return { org, proxy, result: await create(ORG, network, clock) };
}
