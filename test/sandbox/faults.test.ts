/* oxlint-disable unicorn/no-thenable -- `then` is a field of faults, which are never awaited */
import { describe, expect, it } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import type { TestOrg } from './org.js';
import { testOrg } from './org.js';
import { until } from '../helpers/until.js';

/** What a client sees of a create: the status and what the body is. */
async function createSees(org: TestOrg, login = 'ada@example.com'): Promise<string> {
  let response: Response;
  try {
    response = await fetch(`${org.okta.url}/api/v1/users`, {
      method: 'POST',
      headers: { authorization: `SSWS ${org.okta.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        profile: { firstName: 'Ada', lastName: 'Byron', email: 'ada@example.com', login },
      }),
    });
  } catch {
    return 'connection lost';
  }
  let text: string;
  try {
    text = await response.text();
  } catch {
    return `${response.status}, body cut off`;
  }
  return `${response.status} ${kindOf(text)}`;
}

function kindOf(text: string): string {
  if (text === '') return 'empty';
  if (text.startsWith('<html>')) return 'html';
  const code = /"errorCode":"(E\d+)"/.exec(text)?.[1];
  if (code !== undefined) return code;
  return text.endsWith('}') ? 'user' : 'half a user';
}

async function faulty(fault: Fault, options: SandboxOptions = {}): Promise<TestOrg> {
  return testOrg({ ...options, faults: [fault] });
}

/** The statuses of 20 requests, each of which fails with a probability of 0.5. */
async function statusesWith(faultSeed: number): Promise<string> {
  const org = await faulty({ on: 'any', probability: 0.5, then: 'status-500' }, { faultSeed });
  const statuses = [];
  for (let time = 0; time < 20; time += 1) statuses.push((await org.request('GET', '/api/v1/users')).status);
  return statuses.join();
}

describe('the effect of a fault', () => {
  it.each<[Fault, string]>([
    [{ on: 'createUser', then: 'status-500' }, '500 E0000009'],
    [{ on: 'createUser', then: 'status-502' }, '502 html'],
    [{ on: 'createUser', then: 'status-503' }, '503 E0000181'],
    [{ on: 'createUser', then: 'status-504' }, '504 html'],
    [{ on: 'write', then: 'read-only' }, '503 E0000010'],
    [{ on: 'any', then: 'reset-before-commit' }, 'connection lost'],
    [{ on: 'createUser', then: 'html-body', status: 200 }, '200 html'],
    [{ on: 'createUser', then: '429-no-headers' }, '429 E0000047'],
    [{ on: 'createUser', then: '429-reset-in-past' }, '429 E0000047'],
    [{ on: 'createUser', then: '429-concurrency' }, '429 E0000047'],
    [{ on: 'createUser', then: '429-bucket-used-up' }, '429 E0000047'],
    [{ on: 'createUser', then: 'revoke-token' }, '401 E0000011'],
    [{ on: 'createUser', then: 'okta-error', errorCode: 'E0000112' }, '409 E0000112'],
  ])('%j before the commit: the client sees %s, and no user exists', async (fault, seen) => {
    const org = await faulty(fault);
    expect(await createSees(org)).toBe(seen);
    expect(org.okta.users()).toEqual([]);
    expect(org.okta.ledger.created).toEqual([]);
    expect(org.okta.ledger.createsSent('ada@example.com')).toBe(1);
    expect(org.okta.ledger.faults).toEqual(new Map([[fault.then, 1]]));
  });

  it.each<[Fault, string]>([
    [{ on: 'createUser', then: 'reset-after-commit' }, 'connection lost'],
    [{ on: 'createUser', then: '500-after-commit' }, '500 E0000009'],
    [{ on: 'createUser', then: '502-after-commit' }, '502 html'],
    [{ on: 'createUser', then: '504-after-commit' }, '504 html'],
    [{ on: 'createUser', then: 'truncated-body' }, '200, body cut off'],
    [{ on: 'createUser', then: 'half-json-body' }, '200 half a user'],
    [{ on: 'createUser', then: 'empty-body' }, '200 empty'],
    [{ on: 'createUser', then: 'html-body-after-commit' }, '200 html'],
    [{ on: 'createUser', then: 'slow-after-commit', delayMs: 20 }, '200 user'],
    [{ on: 'createUser', then: 'slow-before-commit', delayMs: 20 }, '200 user'],
    [{ on: 'createUser', then: 'duplicate-reset-header' }, '200 user'],
  ])('%j after the commit: the client sees %s, and the user exists', async (fault, seen) => {
    const org = await faulty(fault);
    expect(await createSees(org)).toBe(seen);
    expect(org.okta.users()).toHaveLength(1);
    expect(org.okta.ledger.created).toEqual([
      { login: 'ada@example.com', oktaId: org.okta.findUser('ada')?.id },
    ]);
  });

  it('slow-after-commit creates the user at once, even if the client times out', async () => {
    const org = await faulty({ on: 'createUser', then: 'slow-after-commit', delayMs: 60_000 });
    const signal = AbortSignal.timeout(100);
    const given = fetch(`${org.okta.url}/api/v1/users`, {
      method: 'POST',
      signal,
      headers: { authorization: `SSWS ${org.okta.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        profile: { firstName: 'A', lastName: 'B', email: 'ada@example.com', login: 'ada@example.com' },
      }),
    });
    await expect(given).rejects.toThrow('timeout');
    expect(org.okta.users()).toHaveLength(1);
  });

  it.each<[Fault['then'] & `429-${string}`, RegExp]>([
    ['429-no-headers', /^null null$/],
    ['429-reset-in-past', /^0 1\d{9}$/],
    ['429-concurrency', /^0 1\d{9}$/],
    ['429-bucket-used-up', /^0 1\d{9}$/],
  ])('%s has these headers', async (then, headers) => {
    const now = Date.now();
    const org = await faulty({ on: 'any', then }, { now: () => now });
    const response = await org.request('GET', '/api/v1/users');
    const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
      response.headers.get(`x-rate-limit-${name}`),
    );
    expect(`${remaining} ${reset}`).toMatch(headers);
    expect(limit === '0').toBe(then === '429-concurrency');
    expect(Number(reset) * 1000 < now).toBe(then === '429-reset-in-past' || then === '429-no-headers');
    expect(org.okta.ledger.rateLimited.scripted).toBe(1);
  });

  it('429-bucket-used-up keeps the bucket empty until the window ends', async () => {
    const org = await faulty({ on: 'any', nth: 1, then: '429-bucket-used-up' });
    const statuses = [];
    for (let time = 0; time < 2; time += 1) statuses.push((await org.request('GET', '/api/v1/users')).status);
    expect(statuses).toEqual([429, 429]);
    expect(org.okta.ledger.rateLimited).toMatchObject({ rate: 1, scripted: 1 });
  });

  it('duplicate-reset-header sends the header twice', async () => {
    const org = await faulty({ on: 'any', then: 'duplicate-reset-header' });
    expect((await org.request('GET', '/api/v1/users')).headers.get('x-rate-limit-reset')).toMatch(
      /^\d{10}, \d{10}$/,
    );
  });
});

describe('a fault occurs', () => {
  it.each<[string, object, string]>([
    ['always', {}, 'xxxxxx'],
    ['the second time', { nth: 2 }, '.x....'],
    ['the first and the fourth time', { nth: [1, 4] }, 'x..x..'],
    ['every third time', { every: 3 }, '..x..x'],
    ['three times', { times: 3 }, 'xxx...'],
    ['never', { probability: 0 }, '......'],
    ['for one login', { login: 'U2@Example.com' }, '..x...'],
    ['for another operation', { on: 'getUser' }, '......'],
    ['for several operations', { on: ['getUser', 'createUser'] }, 'xxxxxx'],
  ])('%s: %j', async (_name, trigger, pattern) => {
    const org = await faulty({ on: 'createUser', then: 'status-500', ...trigger });
    const seen = [];
    for (let index = 0; index < pattern.length; index += 1) {
      seen.push((await createSees(org, `u${index}@example.com`)) === '200 user' ? '.' : 'x');
    }
    expect(seen.join('')).toBe(pattern);
  });

  it('for some time once it has begun: read-only minutes', async () => {
    let now = Date.now();
    const org = await faulty({ on: 'write', nth: 2, then: 'read-only', forMs: 60_000 }, { now: () => now });
    const seen = [];
    for (const elapsedMs of [0, 1, 30_000, 29_000, 60_000]) {
      now += elapsedMs;
      seen.push((await createSees(org, `u${seen.length}@example.com`)).slice(0, 3));
    }
    expect(seen).toEqual(['200', '503', '503', '503', '200']);
  });

  it('at the same requests for the same seed, and at others for another seed', async () => {
    expect(await statusesWith(7)).toBe(await statusesWith(7));
    expect(await statusesWith(7)).not.toBe(await statusesWith(8));
  });

  it('until it is cleared, also when added to a running org', async () => {
    const org = await testOrg();
    org.okta.addFault({ on: 'any', then: 'status-500' });
    expect((await org.request('GET', '/api/v1/users')).status).toBe(500);
    org.okta.clearFaults();
    expect((await org.request('GET', '/api/v1/users')).status).toBe(200);
    expect(org.okta.ledger.requests({ operation: 'listUsers', status: 500 })).toBe(1);
  });
});

describe('faults of responses without a body', () => {
  it.each<[Fault, string]>([
    [{ on: 'deleteUser', then: 'truncated-body' }, 'connection lost'],
    [{ on: 'deleteUser', then: '500-after-commit' }, '500 E0000009'],
    [{ on: 'deleteUser', then: 'half-json-body' }, '204 empty'],
  ])('%j: the client sees %s, and the user is deactivated', async (fault, seen) => {
    const org = await faulty(fault);
    await org.create();
    const deleted = org.request('DELETE', '/api/v1/users/ada').then(
      (response) => `${response.status} ${kindOf(response.text)}`,
      () => 'connection lost',
    );
    expect(await deleted).toBe(seen);
    expect(org.okta.findUser('ada')?.status).toBe('DEPROVISIONED');
  });
});

describe('delays', () => {
  it.each(['reset', 'close'] as const)('end with a %s, and the connections are dropped', async (end) => {
    const org = await faulty({ on: 'createUser', then: 'slow-before-commit', delayMs: 60_000 });
    const seen = createSees(org);
    await until(() => org.okta.ledger.createsSent('ada@example.com') > 0);
    await org.okta[end]();
    expect(await seen).toBe('connection lost');
    expect(org.okta.users()).toEqual([]);
  });

  it('follow latencyMs', async () => {
    const org = await testOrg({ latencyMs: { min: 30, max: 40 } });
    const startedAtMs = performance.now();
    await org.request('GET', '/api/v1/users');
    expect(performance.now() - startedAtMs).toBeGreaterThan(25);
  });
});
