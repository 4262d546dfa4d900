import dns from 'node:dns';

import { expect, it, onTestFinished, vi } from 'vitest';

import type { Clock } from '../../../src/clock.js';
import { serviceApp } from '../../../src/okta/auth/service-app.js';
import type { TransportOptions } from '../../../src/okta/http/transport.js';
import { testApp } from '../auth/apps.js';
import { clientFor, fakeOrg, sendJson, unusedUrl, userBody } from '../servers.js';

/** Time passes only while the client waits. */
function waitingClock(): Clock & { readonly waitedMs: () => number } {
  let nowMs = 1_000_000;
  return {
    now: () => nowMs,
    sleep: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
    waitedMs: () => nowMs - 1_000_000,
  };
}

/** Answers the next lookups of host names as a name server that does not know them. @returns how many it has answered. */
function unknownNames(lookups = Number.POSITIVE_INFINITY): () => number {
  const real = dns.lookup;
  let count = 0;
  const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
    host: string,
    options: dns.LookupOptions,
    callback: (error: Error | null, address: string | dns.LookupAddress[]) => void,
  ) => {
    count += 1;
    if (count > lookups) return real(host, options, callback);
    const error = new Error(`getaddrinfo ENOTFOUND ${host}`);
    callback(Object.assign(error, { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host }), '');
  }) as typeof dns.lookup);
  onTestFinished(() => lookup.mockRestore());
  return () => Math.min(count, lookups);
}

const signIns = {
  'an API token': {},
  'a service app': { signIn: serviceApp(testApp().app) },
} as const;
const networks: Readonly<Record<string, Partial<TransportOptions>>> = {
  'the org': {},
  'the proxy': {
    network: { ca: [], proxy: { origin: 'http://proxy.invalid:3128', authorization: undefined } },
  },
};
const cases = Object.entries(networks).flatMap(([owner, network]) =>
  Object.entries(signIns).map(([how, signIn]) => [owner, how, { ...network, ...signIn }] as const),
);

it.each(cases)(
  'the host of %s that does not exist is reported within two seconds, after a second lookup, with %s',
  async (owner, _, options) => {
    const lookups = unknownNames();
    const clock = waitingClock();
    const client = clientFor('https://acme.okta.invalid', { ...options, clock, random: () => 0.999 });

    await expect(client.getUser('me')).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_HOST',
      exitCode: 2,
      message: expect.stringContaining(
        owner === 'the org' ? 'acme.okta.invalid does not exist' : 'proxy.invalid',
      ),
      hint: expect.stringContaining(owner === 'the org' ? 'OKTA_CLIENT_ORGURL' : 'HTTPS_PROXY'),
    });
    expect(clock.waitedMs()).toBeLessThan(2000);
    expect(lookups()).toBe(2);
  },
);

it.each(cases)(
  'a host of %s that refuses connections is tried for ten seconds, and is worth a retry of the command, with %s',
  async (owner, _, options) => {
    const closed = await unusedUrl();
    const clock = waitingClock();
    const network =
      owner === 'the org' ? {} : { network: { ca: [], proxy: { origin: closed, authorization: undefined } } };
    const orgUrl = owner === 'the org' ? closed : 'https://acme.okta.example';
    const client = clientFor(orgUrl, { ...options, ...network, clock });

    await expect(client.getUser('me')).rejects.toMatchObject({ code: 'ERR_ORG_AWAY', exitCode: 3 });
    expect(clock.waitedMs()).toBeGreaterThan(10_000);
  },
);

it('a name server that forgets the org for minutes in the middle of a run is waited out', async () => {
  const org = await fakeOrg((response) =>
    sendJson(response, 200, userBody('ada@example.com'), { connection: 'close' }),
  );
  const clock = waitingClock();
  const client = clientFor(org.url.replace('127.0.0.1', 'localhost'), { clock });
  await client.getUser('00u1');
  const lookups = unknownNames(8);

  await expect(client.getUser('00u1')).resolves.toMatchObject({ id: '00u1' });
  expect(lookups()).toBe(8);
  expect(clock.waitedMs()).toBeGreaterThan(30_000);
});

it('a name server that never finds the org again is worth a retry of the command', async () => {
  const org = await fakeOrg((response) =>
    sendJson(response, 200, userBody('ada@example.com'), { connection: 'close' }),
  );
  const client = clientFor(org.url.replace('127.0.0.1', 'localhost'), {
    clock: waitingClock(),
    giveUpAfterMs: 60_000,
  });
  await client.getUser('00u1');
  unknownNames();

  await expect(client.getUser('00u1')).rejects.toMatchObject({ code: 'ERR_ORG_AWAY', exitCode: 3 });
});
