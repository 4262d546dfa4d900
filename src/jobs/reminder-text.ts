import { plural } from '../text.js';

import { mailsText } from './mail-text.js';
import type { ReminderPlan } from './remind.js';

/** `Run it (https://…): 3 of 12 people were invited and have not activated their accounts.` */
export function reminderText({
  cohort,
  orgUrl,
  people,
  due,
  waiting,
  uninvited,
  mails,
}: ReminderPlan): string {
  const name = cohort.charAt(0).toUpperCase() + cohort.slice(1);
  const pending = due.length + waiting.length;
  const lines = [
    `${name} (${orgUrl}): ${pending} of ${plural(people, 'person', 'people')} ${pending === 1 ? 'was invited and has not activated the account' : 'were invited and have not activated their accounts'}.`,
  ];
  if (due.length > 0) lines.push(`To be reminded: ${mailsText(mails)}.`);
  const reasons = new Map<string, number>();
  for (const { flag } of waiting) reasons.set(flag, (reasons.get(flag) ?? 0) + 1);
  for (const [flag, count] of reasons) {
    const why = flag === '--after' ? 'invited too recently' : 'reminded too recently';
    lines.push(`${plural(count, 'person was', 'people were')} ${why} (${flag}).`);
  }
  const { STAGED: staged, PASSWORD_EXPIRED: passwordDue } = uninvited;
  if (staged > 0) {
    lines.push(
      `${plural(staged, 'person is', 'people are')} staged and cannot be reminded: activate sends them the first email.`,
    );
  }
  if (passwordDue > 0) {
    lines.push(
      `${plural(passwordDue, 'person has', 'people have')} a password to change at the next sign-in and cannot be reminded: there is no link to send.`,
    );
  }
  return lines.join('\n');
}
