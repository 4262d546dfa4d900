import { beforeAll, describe, expect, it } from 'vitest';

import type { Network } from '../../../src/okta/http/dispatcher.js';
import { reactionTo } from '../../../src/okta/http/failure-reaction.js';
import { createAuthority, type Authority } from '../../helpers/authority.js';
import { acceleratedClock, rawServer } from '../servers.js';

import { create, trusting, userServer } from './tls-servers.js';

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});

describe('a certificate', () => {
  it('of a given authority is trusted, in addition to those that Node trusts', async () => {
    const org = await userServer(authority, ['localhost']);

    expect(await create(org.url, trusting(authority))).toMatchObject({ user: { id: '00u1' } });
    expect(org.requests).toMatchObject([{ authorization: 'SSWS s3cret' }]);
  });

  it.each<
    [
      what: string,
      names: string[],
      days: { from: number; to: number } | undefined,
      network: () => Network,
      reason: string,
      message: RegExp,
    ]
  >([
    [
      'has expired',
      ['localhost'],
      { from: -20, to: -10 },
      () => trusting(authority),
      'CERT_HAS_EXPIRED',
      /^The certificate of localhost expired on \d{4}-\d\d-\d\dT[\d:]+Z\. It was issued by "Example Root CA"\.$/,
    ],
    [
      'is not valid yet',
      ['localhost'],
      { from: 10, to: 20 },
      () => trusting(authority),
      'CERT_NOT_YET_VALID',
      /^The certificate of localhost is not valid before \d{4}-\d\d-\d\dT[\d:]+Z\./,
    ],
    [
      'is for another host',
      ['other.example.com', 'www.example.com'],
      undefined,
      () => trusting(authority),
      'ERR_TLS_CERT_ALTNAME_INVALID',
      /^The certificate of localhost is for other\.example\.com, www\.example\.com, not for localhost\./,
    ],
    [
      'has an unknown issuer',
      ['localhost'],
      undefined,
      () => ({ ca: [], proxy: undefined }),
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      /^The certificate of localhost was issued by "Example Root CA", which this machine does not trust/,
    ],
  ])(
    'that %s fails immediately, before anything is sent',
    async (_, names, days, network, reason, message) => {
      const org = await userServer(authority, names, days);
      const error = await create(org.url, network());

      expect(error).toMatchObject({
        code: 'ERR_CERTIFICATE',
        exitCode: 2,
        reason,
        host: 'localhost',
        message: expect.stringMatching(message),
        hint: expect.any(String),
      });
      expect(reactionTo(error, true)).toEqual({ kind: 'stop' });
      expect(org.requests).toEqual([]);
    },
  );

  it('with an unknown issuer is rejected whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const org = await userServer(authority, ['localhost']);
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await create(org.url, { ca: [], proxy: undefined })).toMatchObject({ code: 'ERR_CERTIFICATE' });
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    expect(org.requests).toEqual([]);
  });
});

describe('a connection', () => {
  it('lost during the handshake has sent nothing, so a create is retried', async () => {
    const url = await rawServer((socket) => socket.once('data', () => socket.destroy()));
    const error = await create(url.replace('http:', 'https:'), trusting(authority), acceleratedClock);

    expect(error).toMatchObject({ code: 'ERR_ORG_AWAY', cause: { neverSent: true } });
    expect(reactionTo((error as Error).cause, true)).toEqual({ kind: 'retry', isFree: false });
  });
});
