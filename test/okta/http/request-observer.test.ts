import { expect, it } from 'vitest';

import { toLoggedRequest } from '../../../src/okta/http/request-observer.js';
import { clientFor, fakeOrg } from '../servers.js';

it.each([
  ['/api/v1/users?activate=true&provider=false', '/api/v1/users?activate=true&provider=false'],
  ['/api/v1/users?q=ada&limit=200', '/api/v1/users?limit=200'],
  ['/api/v1/users?search=profile.login%20eq%20%22ada%22', '/api/v1/users'],
  ['/api/v1/users/00u1?sendEmail=false', '/api/v1/users/00u1?sendEmail=false'],
  ['/api/v1/users?after=00uSecretCursor', '/api/v1/users'],
])('%s is logged as %s, without parameters that identify a person', (path, logged) => {
  expect(toLoggedRequest('GET', path).path).toBe(logged);
});

it('a client reports its rate-limit windows: requests sent, allowance, remaining requests, and the next window', async () => {
  const resetAtSeconds = Math.ceil(Date.now() / 1000) + 30;
  const org = await fakeOrg((response) => {
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'x-rate-limit-limit': '100',
        'x-rate-limit-remaining': '60',
        'x-rate-limit-reset': String(resetAtSeconds),
      })
      .end('[]');
  });
  const client = clientFor(org.url, { rateLimitShare: 0.5 });
  expect(client.governor.windows).toEqual([]);
  for await (const _ of client.listUsers()) expect.unreachable();

  const [window] = client.governor.windows;
  // Other clients have used 40 of their 50.
  expect(window).toMatchObject({ bucket: '/api/v1/users', sent: 1, allowance: 50, available: 10 });
  expect(window!.opensAtMs).toBeGreaterThan(Date.now());
  expect(window!.opensAtMs).toBeLessThanOrEqual(resetAtSeconds * 1000 + 10_000);
  expect(client.governor.waitedMs).toBe(0);
  expect(client.unavailableSinceMs).toBeUndefined();
});
