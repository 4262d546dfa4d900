import { plural } from '../text.js';

import { mailsText } from './mail-text.js';
import type { ReminderPlan } from './remind.js';

/** `Run it (https://…): 3 of 12 people have not activated their accounts; 1 would be reminded: …` */
export function reminderText({ cohort, orgUrl, people, due, waiting, mails }: ReminderPlan): string {
  const name = cohort.charAt(0).toUpperCase() + cohort.slice(1);
  const pending = due.length + waiting.length;
  const lines = [
    `${name} (${orgUrl}): ${pending} of ${plural(people, 'person', 'people')} ${pending === 1 ? 'has' : 'have'} not activated their ${pending === 1 ? 'account' : 'accounts'}.`,
  ];
  if (due.length > 0) lines.push(`To be reminded: ${mailsText(mails)}.`);
  const reasons = new Map<string, number>();
  for (const { flag } of waiting) reasons.set(flag, (reasons.get(flag) ?? 0) + 1);
  for (const [flag, count] of reasons) {
    const why = flag === '--after' ? 'invited too recently' : 'reminded too recently';
    lines.push(`${plural(count, 'person was', 'people were')} ${why} (${flag}).`);
  }
  return lines.join('\n');
}
