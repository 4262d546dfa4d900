import { describe, expect, it } from 'vitest';

import { OktaApiError, OktaUnreadableResponseError, OrgUnavailableError } from '../../../src/okta/errors.js';
import { OktaConnectionError, toConnectionError } from '../../../src/okta/http/connection-error.js';
import {
  MAX_ATTEMPTS,
  backoffMs,
  reactionTo,
  retryRequest,
  type RetryOptions,
} from '../../../src/okta/http/failure-reaction.js';

import { ManualClock } from '../manual-clock.js';

function apiError(status: number, errorCode?: string, more: { retryAfterMs?: number } = {}): OktaApiError {
  return new OktaApiError({
    operation: 'POST /api/v1/users',
    status,
    errorCode,
    errorSummary: '',
    requestId: 'req1',
    ...more,
  });
}

/** An error of Node, as undici passes it on. */
function nodeError(code: string, syscall?: string): unknown {
  return toConnectionError('POST /api/v1/users', Object.assign(new Error(code), { code, syscall }));
}

const RETRY = 'retry';
const FREE = 'retry, free';
const BLOCKED = 'in-doubt, blocked';

function describeReaction(error: unknown, isWrite: boolean): string {
  const reaction = reactionTo(error, isWrite);
  if (reaction.kind === 'in-doubt' && reaction.isBlocked) return BLOCKED;
  return 'isFree' in reaction && reaction.isFree ? `${reaction.kind}, free` : reaction.kind;
}

describe('the reaction to a failure', () => {
  it.each<[status: number, errorCode: string | undefined, read: string, write: string]>([
    [301, undefined, 'stop', BLOCKED],
    [302, undefined, 'stop', BLOCKED],
    [307, undefined, 'stop', BLOCKED],
    [400, 'E0000001', 'rejected', 'rejected'],
    [400, 'E0000003', 'rejected', 'rejected'],
    [400, 'E0000093', 'rejected', 'rejected'],
    [400, undefined, 'rejected', 'in-doubt'],
    [401, 'E0000011', 'stop', 'stop'],
    [401, undefined, 'stop', BLOCKED],
    [401, 'invalid_token', 'stop', 'stop'],
    [403, 'E0000005', 'stop', 'stop'],
    [403, 'E0000006', 'stop', 'stop'],
    [403, 'E0000260', 'stop', 'stop'],
    [403, 'E0000014', 'rejected', 'rejected'],
    [403, 'E0000038', 'rejected', 'rejected'],
    [403, undefined, 'stop', BLOCKED],
    [404, 'E0000007', 'rejected', 'rejected'],
    [404, 'E0000008', 'stop', 'stop'],
    [404, undefined, 'stop', BLOCKED],
    [405, 'E0000022', 'stop', 'stop'],
    [406, 'E0000122', 'stop', 'stop'],
    [405, undefined, 'stop', BLOCKED],
    [407, undefined, 'stop', BLOCKED],
    [408, undefined, RETRY, 'in-doubt'],
    [409, 'E0000112', RETRY, RETRY],
    [409, 'E0000249', RETRY, RETRY],
    [409, 'E0000253', RETRY, RETRY],
    [409, 'E0000195', 'rejected', 'rejected'],
    [411, undefined, 'stop', BLOCKED],
    [412, 'E0000231', 'rejected', 'rejected'],
    [413, undefined, 'rejected', 'in-doubt'],
    [423, 'E0000239', RETRY, RETRY],
    [429, 'E0000047', FREE, FREE],
    [429, undefined, FREE, 'in-doubt, free'],
    [431, undefined, 'rejected', 'in-doubt'],
    [499, undefined, 'rejected', 'in-doubt'],
    [500, 'E0000009', RETRY, 'in-doubt'],
    [501, 'E0000060', 'rejected', 'rejected'],
    [502, undefined, RETRY, 'in-doubt'],
    [503, 'E0000010', FREE, FREE],
    [503, 'E0000181', RETRY, 'in-doubt'],
    [503, undefined, RETRY, 'in-doubt'],
    [504, undefined, RETRY, 'in-doubt'],
    [520, undefined, RETRY, 'in-doubt'],
    [524, undefined, RETRY, 'in-doubt'],
  ])('%d %s: a read %s, a write %s', (status, errorCode, read, write) => {
    const error = apiError(status, errorCode);

    expect([describeReaction(error, false), describeReaction(error, true)]).toEqual([read, write]);
  });

  it.each<[what: string, error: unknown, read: string, write: string]>([
    ['connection refused', nodeError('ECONNREFUSED', 'connect'), RETRY, RETRY],
    ['no such host', nodeError('ENOTFOUND', 'getaddrinfo'), RETRY, RETRY],
    ['no name server', nodeError('EAI_AGAIN', 'getaddrinfo'), RETRY, RETRY],
    ['no route while connecting', nodeError('EHOSTUNREACH', 'connect'), RETRY, RETRY],
    ['a route lost while in use', nodeError('EHOSTUNREACH', 'read'), RETRY, 'in-doubt'],
    ['silence while connecting', nodeError('ETIMEDOUT', 'connect'), RETRY, RETRY],
    ['silence while in use', nodeError('ETIMEDOUT', 'read'), RETRY, 'in-doubt'],
    ['no connection in time', nodeError('UND_ERR_CONNECT_TIMEOUT'), RETRY, RETRY],
    ['reset', nodeError('ECONNRESET', 'read'), RETRY, 'in-doubt'],
    ['closed', nodeError('UND_ERR_SOCKET'), RETRY, 'in-doubt'],
    ['no headers in time', nodeError('TimeoutError'), RETRY, 'in-doubt'],
    ['not HTTP', nodeError('HPE_INVALID_CONSTANT'), RETRY, 'in-doubt'],
    ['an expired certificate', nodeError('CERT_HAS_EXPIRED'), 'stop', 'stop'],
    ['a self-signed certificate', nodeError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'stop', 'stop'],
    ['a certificate of another host', nodeError('ERR_TLS_CERT_ALTNAME_INVALID'), 'stop', 'stop'],
    [
      'a success that cannot be read',
      new OktaUnreadableResponseError({ operation: 'POST', status: 200, requestId: undefined }, 'empty'),
      RETRY,
      'in-doubt',
    ],
    [
      'an org that is unavailable',
      new OrgUnavailableError('https://acme.okta.com', 1, undefined),
      'stop',
      'stop',
    ],
    ['a bug', new RangeError('bug'), 'rejected', 'rejected'],
  ])('%s: %s a read is %s, a write is %s', (_, error, read, write) => {
    expect([describeReaction(error, false), describeReaction(error, true)]).toEqual([read, write]);
  });

  it('an invalid call of undici is a bug, and is thrown unchanged', () => {
    const bug = Object.assign(new Error('invalid authorization header'), { code: 'UND_ERR_INVALID_ARG' });

    expect(toConnectionError('GET /', bug)).toBe(bug);
  });

  it('of several addresses that failed, the first one is reported', () => {
    const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED', syscall: 'connect' });
    const error = toConnectionError('GET /', new AggregateError([refused, new Error('other')]));

    expect(error).toBeInstanceOf(OktaConnectionError);
    expect(error).toMatchObject({ reason: 'ECONNREFUSED', neverSent: true });
  });
});

describe('the pause before the next attempt', () => {
  it.each([
    [1, 250, 500],
    [2, 500, 1000],
    [3, 1000, 2000],
    [6, 8000, 16_000],
    [7, 15_000, 30_000],
    [50, 15_000, 30_000],
  ])('after %d failures is random between %d and %d ms', (failures, min, max) => {
    expect(backoffMs(failures, 0)).toBe(min);
    expect(backoffMs(failures, 1 - Number.EPSILON)).toBeCloseTo(max, 5);
  });
});

/** Sends with a list of results, the last one forever; a result that is an error is thrown. */
async function play(results: readonly unknown[], overrides: Partial<RetryOptions> = {}) {
  const clock = new ManualClock(0);
  const sentAtMs: number[] = [];
  const send = async (): Promise<unknown> => {
    const next = results[Math.min(sentAtMs.length, results.length - 1)];
    sentAtMs.push(clock.now());
    if (next instanceof Error) throw next;
    return next;
  };
  const retrying = send().catch((error: unknown) =>
    retryRequest({ error, startedAtMs: 0 }, send, {
      isWrite: true,
      clock,
      random: () => 0,
      signal: undefined,
      hasRespondedSince: () => true,
      throwIfUnavailable: () => undefined,
      ...overrides,
    }),
  );
  const [result] = await clock.until(Promise.allSettled([retrying]));
  return { result, sentAtMs };
}

describe('retrying a request', () => {
  it('ends with the first response', async () => {
    const { result, sentAtMs } = await play(['yes']);

    expect(result).toEqual({ status: 'fulfilled', value: 'yes' });
    expect(sentAtMs).toHaveLength(1);
  });

  it('stops after the last attempt, waits longer each time, and throws the last error', async () => {
    const busy = apiError(409, 'E0000112');
    const { result, sentAtMs } = await play([busy]);

    expect(result).toEqual({ status: 'rejected', reason: busy });
    expect(sentAtMs).toHaveLength(MAX_ATTEMPTS);
    expect(sentAtMs).toEqual([0, 250, 750, 1750, 3750, 7750]);
  });

  it('counts a 429 neither as an attempt nor for the length of pauses', async () => {
    const limited = Array.from({ length: 100 }, () => apiError(429, 'E0000047'));
    const { result, sentAtMs } = await play([...limited, apiError(423, 'E0000239'), 'yes']);

    expect(result).toMatchObject({ value: 'yes' });
    expect(sentAtMs.slice(-2)).toEqual([0, 250]);
  });

  it('pauses briefly after a 429 of the concurrency limit', async () => {
    const limited = new OktaApiError({
      operation: 'GET /',
      status: 429,
      errorCode: 'E0000047',
      errorSummary: '',
      isConcurrencyLimit: true,
    });
    const { sentAtMs } = await play([limited, 'yes']);

    expect(sentAtMs).toEqual([0, 150]);
  });

  it('counts no attempt while the org responds to no request', async () => {
    const gone = Array.from({ length: 30 }, () => nodeError('ECONNREFUSED', 'connect') as Error);
    const { result, sentAtMs } = await play([...gone, 'yes'], { hasRespondedSince: () => false });

    expect(result).toMatchObject({ value: 'yes' });
    expect(sentAtMs).toHaveLength(31);
  });

  it('gives up when the org has been unavailable for too long', async () => {
    let failures = 0;
    const { result, sentAtMs } = await play([nodeError('ECONNREFUSED', 'connect')], {
      hasRespondedSince: () => false,
      throwIfUnavailable: (cause) => {
        failures += 1;
        if (failures === 10) throw new OrgUnavailableError('https://acme.okta.com', 300_000, cause);
      },
    });

    expect(result).toMatchObject({ reason: { code: 'ERR_ORG_AWAY' } });
    expect(sentAtMs).toHaveLength(10);
  });

  it('gives up on a read that fails every time although the org responds to another request', async () => {
    const { result, sentAtMs } = await play([apiError(500, 'E0000009')], {
      isWrite: false,
      hasRespondedSince: () => false,
      isOrgResponding: async () => true,
    });

    expect(result).toMatchObject({ reason: { status: 500 } });
    expect(sentAtMs.length).toBeLessThan(12);
    expect(sentAtMs.at(-1)).toBeLessThan(20_000);
  });

  it('continues with a read while the org does not respond to another request either', async () => {
    let asked = 0;
    const failing = Array.from({ length: 20 }, () => apiError(500, 'E0000009'));
    const { result } = await play([...failing, 'yes'], {
      isWrite: false,
      hasRespondedSince: () => false,
      isOrgResponding: async () => {
        asked += 1;
        return false;
      },
    });

    expect(result).toMatchObject({ value: 'yes' });
    expect(asked).toBeGreaterThan(0);
  });

  it.each([
    ['a rejection', apiError(400, 'E0000001')],
    ['a write in doubt', apiError(500, 'E0000009')],
    ['a reason to stop', apiError(401, 'E0000011')],
    ['a bug', new TypeError('x is not a function')],
    ['a bug that looks like the network', new TypeError('fetch failed')],
  ])('does not retry %s', async (_, error) => {
    const { result, sentAtMs } = await play([error]);

    expect(result).toEqual({ status: 'rejected', reason: error });
    expect(sentAtMs).toHaveLength(1);
  });

  it.each([
    [5000, 5250],
    [0, 250],
    [3_600_000, 60_250],
  ])('honors a Retry-After of %d ms: the next attempt is after %d ms', async (retryAfterMs, nextMs) => {
    const { sentAtMs } = await play([apiError(503, 'E0000010', { retryAfterMs }), 'yes']);

    expect(sentAtMs).toEqual([0, nextMs]);
  });

  it('ends a pause immediately on abort, with the reason', async () => {
    const aborting = new AbortController();
    const reason = new Error('Interrupted by SIGINT.');
    const { result, sentAtMs } = await play([apiError(423, 'E0000239')], {
      signal: aborting.signal,
      random: () => {
        queueMicrotask(() => aborting.abort(reason));
        return 0;
      },
    });

    expect(result).toEqual({ status: 'rejected', reason });
    expect(sentAtMs).toEqual([0]);
  });

  it('does not lose a response when an abort comes before it', async () => {
    const aborting = new AbortController();
    const clock = new ManualClock();
    const retrying = retryRequest(
      { error: apiError(429, 'E0000047'), startedAtMs: 0 },
      async () => {
        await clock.sleep(100);
        aborting.abort(new Error('Interrupted by SIGINT.'));
        await clock.sleep(100);
        return 'created';
      },
      {
        isWrite: true,
        clock,
        random: () => 0,
        signal: aborting.signal,
        hasRespondedSince: () => true,
        throwIfUnavailable: () => undefined,
      },
    );

    await expect(clock.until(retrying)).resolves.toBe('created');
  });
});
