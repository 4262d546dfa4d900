import type { IncomingHttpHeaders } from 'node:http';

import { describe, expect, it } from 'vitest';

import { parseRateLimitInfo, type RateLimitInfo } from '../../../src/okta/rate-limit/rate-limit-info.js';

const NOW_MS = Date.UTC(2026, 2, 2, 12, 45);

function parse(headers: IncomingHttpHeaders, status = 200): RateLimitInfo {
  return parseRateLimitInfo({ status, headers }, NOW_MS);
}

function rateLimitHeaders(limit: string, remaining: string, reset: string | string[]): IncomingHttpHeaders {
  return {
    'x-rate-limit-limit': limit,
    'x-rate-limit-remaining': remaining,
    'x-rate-limit-reset': reset,
  };
}

describe('the three rate-limit headers', () => {
  it('describe the window of the bucket', () => {
    expect(parse(rateLimitHeaders('600', '12', '1772455579')).window).toEqual({
      limit: 600,
      remaining: 12,
      resetAtMs: 1_772_455_579_000,
    });
  });

  it.each([
    ['missing', {}],
    ['empty', rateLimitHeaders('', '', '')],
    ['not numbers', rateLimitHeaders('many', '1', '1772455579')],
    ['negative', rateLimitHeaders('600', '-1', '1772455579')],
    ['those of the concurrency limit', rateLimitHeaders('0', '0', '1772455579')],
  ])('are ignored when they are %s', (_, headers) => {
    expect(parse(headers).window).toBeUndefined();
  });

  it.each([
    ['two lines', ['1772455579', '1772455580']],
    ['one joined line', '1772455580,1772455579'],
  ])('may contain the reset twice, in %s: the later one counts', (_, reset) => {
    expect(parse(rateLimitHeaders('600', '1', reset)).window?.resetAtMs).toBe(1_772_455_580_000);
  });

  it.each([
    ['zeros in a 429', rateLimitHeaders('0', '0', '1'), 429, true],
    ['an empty bucket', rateLimitHeaders('600', '0', '1'), 429, false],
    ['no headers', {}, 429, false],
    ['zeros in another response', rateLimitHeaders('0', '0', '1'), 200, false],
  ])('report the concurrency limit: %s', (_, headers, status, isConcurrencyLimit) => {
    expect(parse(headers, status).isConcurrencyLimit).toBe(isConcurrencyLimit);
  });
});

describe('Retry-After', () => {
  it.each([
    ['7', 7000],
    ['0', 0],
    ['-3', 0],
    [new Date(NOW_MS + 9000).toUTCString(), 9000],
    [new Date(NOW_MS - 9000).toUTCString(), 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (value, ms) => {
    expect(parse(value === undefined ? {} : { 'retry-after': value }).retryAfterMs).toBe(ms);
  });

  it('counts a date from the Date of the response, since the clocks may differ', () => {
    const headers = {
      date: new Date(NOW_MS + 600_000).toUTCString(),
      'retry-after': new Date(NOW_MS + 604_000).toUTCString(),
    };

    expect(parse(headers)).toMatchObject({ retryAfterMs: 4000, dateMs: NOW_MS + 600_000 });
  });
});
