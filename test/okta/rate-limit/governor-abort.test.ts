import { once } from 'node:events';

import { describe, expect, it, onTestFinished } from 'vitest';

import { systemClock } from '../../../src/clock.js';
import { Governor } from '../../../src/okta/rate-limit/governor.js';
import { parseRateLimitInfo } from '../../../src/okta/rate-limit/rate-limit-info.js';

import { setUp, USERS } from './governor-setup.js';

describe('an abort', () => {
  it('ends all waits immediately, with its reason, and leaves nothing behind', async () => {
    const { clock, org, governor, sendMany } = setUp();
    await clock.until(sendMany(20));
    const aborting = new AbortController();
    const reason = new Error('Interrupted by SIGINT.');
    const waiting = Array.from({ length: 50 }, async () => governor.run(USERS, org.send, aborting.signal));
    const ends = Promise.allSettled(waiting);
    await clock.pass(10);
    expect(clock.sleeping).toBe(1);
    expect(governor.windowWait).toBeDefined();

    aborting.abort(reason);
    const results = await ends;
    expect(results.every((result) => result.status === 'rejected' && result.reason === reason)).toBe(true);
    await clock.pass(0);
    expect(clock.sleeping).toBe(0);
    expect(governor.windowWait).toBeUndefined();
    expect(governor.stats.sent).toBe(20);
  });

  it('sends no request that waits on the same signal, although slots were held back as probes', async () => {
    const { clock, org, governor, sendMany } = setUp({ concurrency: 30, org: { limit: 20 } });
    await clock.until(sendMany(3));
    const aborting = new AbortController();
    const waiting = Array.from({ length: 20 }, () => governor.run(USERS, org.send, aborting.signal));
    const ends = Promise.allSettled(waiting);
    await clock.pass(100);
    const { sent } = governor.stats;
    expect(sent).toBeLessThan(20);

    aborting.abort(new Error('Interrupted by SIGINT.'));
    await clock.until(ends);

    expect(governor.stats.sent).toBe(sent);
  });

  it('does not interrupt a request that was sent', async () => {
    const { clock, org, governor } = setUp();
    const aborting = new AbortController();
    const sent = governor.run(USERS, org.send, aborting.signal);
    await clock.pass(10);
    aborting.abort();

    await expect(clock.until(sent)).resolves.toMatchObject({ status: 200 });
  });

  it('before the start keeps the request from being sent', async () => {
    const { org, governor } = setUp();

    await expect(governor.run(USERS, org.send, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(governor.stats.sent).toBe(0);
  });

  it('leaves no timer that would keep the process alive', async () => {
    const governor = new Governor({ share: 1, concurrency: 2, clock: systemClock });
    const aborting = new AbortController();
    await governor.run(USERS, lastOfWindow, undefined);
    const before = timers();
    const waiting = governor.run(USERS, lastOfWindow, aborting.signal);
    expect(timers()).toBe(before + 1);

    const gone = once(aborting.signal, 'abort');
    aborting.abort(new Error('over'));
    await gone;
    await expect(waiting).rejects.toThrow('over');
    expect(timers()).toBe(before);
  });
});

it('many waits on one signal cause no memory leak warning', async () => {
  const { clock, org, governor } = setUp();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const { signal } = new AbortController();
  await clock.until(
    Promise.all(Array.from({ length: 20 }, async () => governor.run(USERS, org.send, signal))),
  );

  expect(warnings).toEqual([]);
});

/** A response that uses up the bucket. */
async function lastOfWindow() {
  const headers = {
    date: new Date().toUTCString(),
    'x-rate-limit-limit': '1',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': String(Math.ceil(Date.now() / 1000) + 50),
  };
  return { status: 200, rateLimit: parseRateLimitInfo({ status: 200, headers }, Date.now()) };
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}
