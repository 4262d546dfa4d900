import type { MailPlan } from '../engine/mail-plan.js';
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
  const time =
    minutes === undefined || mails === 1
      ? ''
      : `, over about ${formatDuration(Math.max(1000, minutes * 60_000))}`;
  return `${plural(mails, 'email')}${domainsText(mails, domains)}, from now on${time}`;
}

/** ` (10 to example.com, 2 to other domains)`; empty for no emails. @param domains - those with the most, at least. */
export function domainsText(mails: number, domains: MailPlan['domains']): string {
  if (mails === 0 || domains.length === 0) return '';
  const shown = domains.slice(0, MAX_DOMAINS);
  const rest = mails - shown.reduce((sum, { mails: count }) => sum + count, 0);
  const texts = shown.map(({ domain, mails: count }) => `${count} to ${domain}`);
  return escapeControlCharacters(
    ` (${[...texts, ...(rest > 0 ? [`${rest} to other domains`] : [])].join(', ')})`,
  );
}
