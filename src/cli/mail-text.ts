import type { MailPlan } from '../jobs/mail-plan.js';
import { escapeControlCharacters, formatDuration, plural } from '../text.js';

/** More emails than that are not sent from a terminal without a question. */
export const MAILS_WITHOUT_QUESTION = 20;

const MAX_DOMAINS = 5;

/**
 * How many emails go where, and when: `12 emails (10 to example.com, 2 to example.org), from now on, over about 3 min`.
 *
 * @param plan.minutes - undefined when they are sent as fast as the org allows.
 */
export function mailsText({ mails, domains, minutes }: MailPlan): string {
  if (mails === 0) return 'no emails';
  const shown = domains.slice(0, MAX_DOMAINS).map(({ domain, mails: count }) => `${count} to ${domain}`);
  const others = domains.slice(MAX_DOMAINS);
  const rest = others.reduce((sum, { mails: count }) => sum + count, 0);
  const more = rest === 0 ? [] : [`${rest} to ${plural(others.length, 'other domain')}`];
  const where = escapeControlCharacters([...shown, ...more].join(', '));
  const time =
    minutes === undefined || mails === 1
      ? ''
      : `, over about ${formatDuration(Math.max(1000, minutes * 60_000))}`;
  return `${plural(mails, 'email')} (${where}), from now on${time}`;
}
