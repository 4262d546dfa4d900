import { expect, it } from 'vitest';

import { loggedPath } from '../../../src/okta/http/request-observer.js';
import { clientFor, lyingOrg } from '../servers.js';

it.each([
  ['/api/v1/users?activate=true&provider=false', '/api/v1/users?activate=true&provider=false'],
  ['/api/v1/users?q=ada&limit=200', '/api/v1/users?limit=200'],
  ['/api/v1/users?search=profile.login%20eq%20%22ada%22', '/api/v1/users'],
  ['/api/v1/users/00u1?sendEmail=false', '/api/v1/users/00u1?sendEmail=false'],
  ['/api/v1/users?after=00uSecretCursor', '/api/v1/users'],
])('of %s is told %s: how, not who', (path, told) => {
  expect(loggedPath(path)).toBe(told);
});

it('a client tells how its windows look: what was sent, what is ours, what is left of it, and when the next begins', async () => {
  const resetAtSeconds = Math.ceil(Date.now() / 1000) + 30;
  const org = await lyingOrg((response) => {
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
  // Others have used 40 of their 50.
  expect(window).toMatchObject({ bucket: '/api/v1/users', sent: 1, allowance: 50, available: 10 });
  expect(window!.opensAtMs).toBeGreaterThan(Date.now());
  expect(window!.opensAtMs).toBeLessThanOrEqual(resetAtSeconds * 1000 + 10_000);
  expect(client.governor.waitedMs).toBe(0);
  expect(client.unavailableSinceMs).toBeUndefined();
});
