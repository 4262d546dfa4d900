import { z } from 'zod';

import { SettingsError } from './error.js';

/** How requests are sent. */
export interface RequestSettings {
  readonly concurrency: number;
  readonly rateLimitShare: number;
  readonly requestTimeoutMs: number;
  readonly giveUpAfterMs: number;
}
const requestSchema = z.object({
  concurrency: z.int().min(1).max(200),
  rateLimitShare: z.number().gt(0).max(1),
  requestTimeout: z.number().gt(0).max(3600),
  giveUpAfter: z.number().min(0).max(86_400),
});

const FLAG_OF: Readonly<Record<string, string>> = {
  concurrency: '--concurrency takes a whole number from 1 to 200',
  rateLimitShare: '--rate-limit-share takes a number above 0 and at most 1',
  requestTimeout: '--request-timeout takes seconds, above 0 and at most 3600',
  giveUpAfter: '--give-up-after takes seconds, at most 86400',
};

/** @throws {SettingsError} a number that is out of range. */
export function loadRequestSettings(flags: {
  readonly concurrency: number;
  readonly rateLimitShare: number;
  readonly requestTimeout: number;
  readonly giveUpAfter: number;
}): RequestSettings {
  const parsed = requestSchema.safeParse(flags);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
    throw new SettingsError(names.map((name) => `${FLAG_OF[name] ?? name}.`).join('\n'));
  }
  const { concurrency, rateLimitShare, requestTimeout, giveUpAfter } = parsed.data;
  return Object.freeze({
    concurrency,
    rateLimitShare,
    requestTimeoutMs: requestTimeout * 1000,
    giveUpAfterMs: giveUpAfter * 1000,
  });
}
