import { describe, expect, it } from 'vitest';

import {
  connectionError,
  OktaApiError,
  OktaConnectionError,
  OktaUnreadableResponseError,
  OrgUnavailableError,
} from '../../../src/okta/errors.js';
import {
  MAX_ATTEMPTS,
  backoffMs,
  reactionTo,
  retryRequest,
  type RetryOptions,
} from '../../../src/okta/http/retry.js';

import { ManualClock } from '../manual-clock.js';

function refusal(status: number, errorCode?: string, more: { retryAfterMs?: number } = {}): OktaApiError {
  return new OktaApiError({ operation: 'POST /api/v1/users', status, errorCode, errorSummary: '', ...more });
}

/** An error of Node's, as undici passes it on. */
function nodeError(code: string, syscall?: string): unknown {
  return connectionError('POST /api/v1/users', Object.assign(new Error(code), { code, syscall }));
}

const AGAIN = 'again';
const FREE = 'again, free';

function wordsOf(error: unknown, isWrite: boolean): string {
  const reaction = reactionTo(error, isWrite);
  return reaction.kind === 'again' && reaction.isFree ? FREE : reaction.kind;
}

describe('what a failure means', () => {
  it.each<[status: number, errorCode: string | undefined, read: string, write: string]>([
    [301, undefined, 'stop', 'stop'],
    [302, undefined, 'stop', 'stop'],
    [307, undefined, 'stop', 'stop'],
    [400, 'E0000001', 'refused', 'refused'],
    [400, 'E0000003', 'refused', 'refused'],
    [400, 'E0000093', 'refused', 'refused'],
    [400, undefined, 'refused', 'refused'],
    [401, 'E0000011', 'stop', 'stop'],
    [401, undefined, 'stop', 'stop'],
    [403, 'E0000005', 'stop', 'stop'],
    [403, 'E0000006', 'stop', 'stop'],
    [403, 'E0000260', 'stop', 'stop'],
    [403, 'E0000014', 'refused', 'refused'],
    [403, 'E0000038', 'refused', 'refused'],
    [403, undefined, 'stop', 'stop'],
    [404, 'E0000007', 'refused', 'refused'],
    [404, 'E0000008', 'stop', 'stop'],
    [404, undefined, 'stop', 'stop'],
    [405, 'E0000022', 'stop', 'stop'],
    [406, 'E0000122', 'stop', 'stop'],
    [407, undefined, 'stop', 'stop'],
    [408, undefined, AGAIN, 'in-doubt'],
    [409, 'E0000112', AGAIN, AGAIN],
    [409, 'E0000249', AGAIN, AGAIN],
    [409, 'E0000253', AGAIN, AGAIN],
    [409, 'E0000195', 'refused', 'refused'],
    [411, undefined, 'stop', 'stop'],
    [412, 'E0000231', 'refused', 'refused'],
    [423, 'E0000239', AGAIN, AGAIN],
    [429, 'E0000047', FREE, FREE],
    [429, undefined, FREE, FREE],
    [500, 'E0000009', AGAIN, 'in-doubt'],
    [501, 'E0000060', 'refused', 'refused'],
    [502, undefined, AGAIN, 'in-doubt'],
    [503, 'E0000010', FREE, FREE],
    [503, 'E0000181', AGAIN, 'in-doubt'],
    [503, undefined, AGAIN, 'in-doubt'],
    [504, undefined, AGAIN, 'in-doubt'],
    [520, undefined, AGAIN, 'in-doubt'],
    [524, undefined, AGAIN, 'in-doubt'],
  ])('%d %s: a read %s, a write %s', (status, errorCode, read, write) => {
    const error = refusal(status, errorCode);

    expect([wordsOf(error, false), wordsOf(error, true)]).toEqual([read, write]);
  });

  it.each<[what: string, error: unknown, read: string, write: string]>([
    ['nothing listens', nodeError('ECONNREFUSED', 'connect'), AGAIN, AGAIN],
    ['no such host', nodeError('ENOTFOUND', 'getaddrinfo'), AGAIN, AGAIN],
    ['no name service', nodeError('EAI_AGAIN', 'getaddrinfo'), AGAIN, AGAIN],
    ['no route to connect by', nodeError('EHOSTUNREACH', 'connect'), AGAIN, AGAIN],
    ['a route lost while in use', nodeError('EHOSTUNREACH', 'read'), AGAIN, 'in-doubt'],
    ['silence while connecting', nodeError('ETIMEDOUT', 'connect'), AGAIN, AGAIN],
    ['silence while in use', nodeError('ETIMEDOUT', 'read'), AGAIN, 'in-doubt'],
    ['no connection in time', nodeError('UND_ERR_CONNECT_TIMEOUT'), AGAIN, AGAIN],
    ['reset', nodeError('ECONNRESET', 'read'), AGAIN, 'in-doubt'],
    ['closed', nodeError('UND_ERR_SOCKET'), AGAIN, 'in-doubt'],
    ['no headers in time', nodeError('UND_ERR_HEADERS_TIMEOUT'), AGAIN, 'in-doubt'],
    ['not HTTP', nodeError('HPE_INVALID_CONSTANT'), AGAIN, 'in-doubt'],
    ['an expired certificate', nodeError('CERT_HAS_EXPIRED'), 'stop', 'stop'],
    ['a certificate of one’s own', nodeError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'stop', 'stop'],
    ['a certificate of another host', nodeError('ERR_TLS_CERT_ALTNAME_INVALID'), 'stop', 'stop'],
    [
      'a success that cannot be read',
      new OktaUnreadableResponseError('POST', 200, 'empty', undefined),
      AGAIN,
      'in-doubt',
    ],
    ['an org that is away', new OrgUnavailableError('https://acme.okta.com', 1, undefined), 'stop', 'stop'],
    ['a bug', new RangeError('bug'), 'refused', 'refused'],
  ])('%s: a read %s %s, a write %s', (_, error, read, write) => {
    expect([wordsOf(error, false), wordsOf(error, true)]).toEqual([read, write]);
  });

  it('a call that undici finds wrong is a bug, and stays what it is', () => {
    const bug = Object.assign(new Error('invalid authorization header'), { code: 'UND_ERR_INVALID_ARG' });

    expect(connectionError('GET /', bug)).toBe(bug);
  });

  it('of several addresses that failed, the first speaks', () => {
    const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED', syscall: 'connect' });
    const error = connectionError('GET /', new AggregateError([refused, new Error('other')]));

    expect(error).toBeInstanceOf(OktaConnectionError);
    expect(error).toMatchObject({ reason: 'ECONNREFUSED', neverSent: true });
  });
});

describe('the pause before the next try', () => {
  it.each([
    [1, 250, 500],
    [2, 500, 1000],
    [3, 1000, 2000],
    [6, 8000, 16_000],
    [7, 15_000, 30_000],
    [50, 15_000, 30_000],
  ])('after %d failures is %d to %d ms, by chance', (failures, least, most) => {
    expect(backoffMs(failures, 0)).toBe(least);
    expect(backoffMs(failures, 1 - Number.EPSILON)).toBeCloseTo(most, 5);
  });
});

/** Sends with a list of endings, the last for ever; an ending that is no error is the answer. */
async function play(endings: readonly unknown[], overrides: Partial<RetryOptions> = {}) {
  const clock = new ManualClock(0);
  const sentAtMs: number[] = [];
  const send = async (): Promise<unknown> => {
    const ending = endings[Math.min(sentAtMs.length, endings.length - 1)];
    sentAtMs.push(clock.now());
    if (ending instanceof Error) throw ending;
    return ending;
  };
  const sending = send().catch((error: unknown) =>
    retryRequest({ error, triedAtMs: 0 }, send, {
      isWrite: true,
      clock,
      random: () => 0,
      signal: undefined,
      hasAnsweredSince: () => true,
      throwIfUnavailable: () => undefined,
      ...overrides,
    }),
  );
  const [result] = await clock.until(Promise.allSettled([sending]));
  return { result, sentAtMs };
}

describe('sending until there is an answer that stands', () => {
  it('ends with the first answer', async () => {
    const { result, sentAtMs } = await play(['yes']);

    expect(result).toEqual({ status: 'fulfilled', value: 'yes' });
    expect(sentAtMs).toHaveLength(1);
  });

  it('tries a passing failure so many times, ever more slowly, and gives the last one back', async () => {
    const busy = refusal(409, 'E0000112');
    const { result, sentAtMs } = await play([busy]);

    expect(result).toEqual({ status: 'rejected', reason: busy });
    expect(sentAtMs).toHaveLength(MAX_ATTEMPTS);
    expect(sentAtMs).toEqual([0, 250, 750, 1750, 3750, 7750]);
  });

  it('lets a 429 cost no try and lengthen no pause', async () => {
    const limited = Array.from({ length: 100 }, () => refusal(429, 'E0000047'));
    const { result, sentAtMs } = await play([...limited, refusal(423, 'E0000239'), 'yes']);

    expect(result).toMatchObject({ value: 'yes' });
    expect(sentAtMs.slice(-2)).toEqual([0, 250]);
  });

  it('pauses a little after a 429 of the limit in flight', async () => {
    const narrowed = new OktaApiError({
      operation: 'GET /',
      status: 429,
      errorSummary: '',
      isConcurrencyLimit: true,
    });
    const { sentAtMs } = await play([narrowed, 'yes']);

    expect(sentAtMs).toEqual([0, 150]);
  });

  it('counts no try while nobody is answered', async () => {
    const gone = Array.from({ length: 30 }, () => nodeError('ECONNREFUSED', 'connect') as Error);
    const { result, sentAtMs } = await play([...gone, 'yes'], { hasAnsweredSince: () => false });

    expect(result).toMatchObject({ value: 'yes' });
    expect(sentAtMs).toHaveLength(31);
  });

  it('gives up when the org has been away for too long', async () => {
    let failures = 0;
    const { result, sentAtMs } = await play([nodeError('ECONNREFUSED', 'connect')], {
      hasAnsweredSince: () => false,
      throwIfUnavailable: (cause) => {
        failures += 1;
        if (failures === 10) throw new OrgUnavailableError('https://acme.okta.com', 300_000, cause);
      },
    });

    expect(result).toMatchObject({ reason: { code: 'ERR_ORG_AWAY' } });
    expect(sentAtMs).toHaveLength(10);
  });

  it.each([
    ['a refusal', refusal(400, 'E0000001')],
    ['a write in doubt', refusal(500, 'E0000009')],
    ['a reason to stop', refusal(401, 'E0000011')],
    ['a bug', new TypeError('x is not a function')],
    ['a bug that looks like the network', new TypeError('fetch failed')],
  ])('does not repeat %s', async (_, error) => {
    const { result, sentAtMs } = await play([error]);

    expect(result).toEqual({ status: 'rejected', reason: error });
    expect(sentAtMs).toHaveLength(1);
  });

  it.each([
    [5000, 5250],
    [0, 250],
    [3_600_000, 60_250],
  ])('honours a Retry-After of %d ms: the next try after %d', async (retryAfterMs, nextMs) => {
    const { sentAtMs } = await play([refusal(503, 'E0000010', { retryAfterMs }), 'yes']);

    expect(sentAtMs).toEqual([0, nextMs]);
  });

  it('ends a pause at once, with the reason, when it is aborted', async () => {
    const aborting = new AbortController();
    const reason = new Error('Interrupted by SIGINT.');
    const { result, sentAtMs } = await play([refusal(423)], {
      signal: aborting.signal,
      random: () => {
        queueMicrotask(() => aborting.abort(reason));
        return 0;
      },
    });

    expect(result).toEqual({ status: 'rejected', reason });
    expect(sentAtMs).toEqual([0]);
  });

  it('does not lose an answer when the abort comes while it is under way', async () => {
    const aborting = new AbortController();
    const clock = new ManualClock();
    const sending = retryRequest(
      { error: refusal(429), triedAtMs: 0 },
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
        hasAnsweredSince: () => true,
        throwIfUnavailable: () => undefined,
      },
    );

    await expect(clock.until(sending)).resolves.toBe('created');
  });
});
