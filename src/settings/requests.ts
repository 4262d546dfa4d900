import { SettingsError } from './error.js';

/** How requests are sent. */
export interface RequestSettings {
  readonly concurrency: number;
  readonly rateLimitShare: number;
  readonly requestTimeoutMs: number;
  readonly giveUpAfterMs: number;
}

/** What the flags take, and how that is said. */
const RANGES = {
  concurrency: [
    (value: number) => Number.isInteger(value) && value >= 1 && value <= 200,
    '--concurrency takes a whole number from 1 to 200.',
  ],
  rateLimitShare: [
    (value: number) => value > 0 && value <= 1,
    '--rate-limit-share takes a number above 0 and at most 1.',
  ],
  requestTimeout: [
    (value: number) => value > 0 && value <= 3600,
    '--request-timeout takes seconds, above 0 and at most 3600.',
  ],
  giveUpAfter: [
    (value: number) => value >= 0 && value <= 86_400,
    '--give-up-after takes seconds, at most 86400.',
  ],
} as const;

/** @throws {SettingsError} all numbers that are out of range, at once. */
export function loadRequestSettings(flags: Readonly<Record<keyof typeof RANGES, number>>): RequestSettings {
  const names = Object.keys(RANGES) as (keyof typeof RANGES)[];
  const faults = names.flatMap((name) => {
    const [isInRange, words] = RANGES[name];
    return isInRange(flags[name]) ? [] : [words];
  });
  if (faults.length > 0) throw new SettingsError(faults.join('\n'));
  const { concurrency, rateLimitShare, requestTimeout, giveUpAfter } = flags;
  return Object.freeze({
    concurrency,
    rateLimitShare,
    requestTimeoutMs: requestTimeout * 1000,
    giveUpAfterMs: giveUpAfter * 1000,
  });
}
