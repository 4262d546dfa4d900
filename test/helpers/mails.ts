import { expect, onTestFinished } from 'vitest';

import type { Sandbox } from '../../src/sandbox/server.js';

const HOUR_MS = 3_600_000;
/** As of `remind`, which lets a daily job start two hours early. */
const EVERY_MS = 70 * HOUR_MS;

/**
 * Nobody got two emails for one reason: each person at most one activation email for each account, and reminders only as far apart as
 * `remind --every` says.
 *
 * @param everyMs - between two reminders; default three days, less two hours.
 */
export function expectNoSecondMail({ ledger }: Pick<Sandbox, 'ledger'>, everyMs = EVERY_MS): void {
  const last = new Map<string, number>();
  const tooSoon: string[] = [];
  for (const { kind, oktaId, login, sentAtMs } of ledger.mails) {
    const key = `${kind} ${oktaId}`;
    const former = last.get(key);
    const isAllowed = former === undefined || (kind === 'reactivation' && sentAtMs - former >= everyMs);
    if (!isAllowed) tooSoon.push(`${kind} to ${login}`);
    last.set(key, sentAtMs);
  }
  expect(tooSoon).toEqual([]);
}

/** Checks it when the test has finished, whatever the test is about. */
export function forbidSecondMail(okta: Pick<Sandbox, 'ledger'>, everyMs?: number): void {
  onTestFinished(() => expectNoSecondMail(okta, everyMs));
}
