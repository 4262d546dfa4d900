import type { PlannedReminder, ReminderPlan } from '../jobs/remind.js';
import { plural } from '../text.js';

import type { CommandContext } from './command-context.js';
import { mailsText } from './mail-text.js';
import { alignColumns } from './table.js';

/** Prints who would be reminded: the list on stdout, what it comes to on stderr. @returns the exit code. */
export function showReminders(
  plan: ReminderPlan,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
  { stdout, terminal }: Pick<CommandContext, 'stdout' | 'terminal'>,
): number {
  const { due, waiting, cohort, orgUrl, people, mails } = plan;
  if (json) {
    const printed = { cohort, org: orgUrl, people, mails, due, waiting };
    stdout.write(`${JSON.stringify(printed, undefined, 2)}\n`);
  } else if (due.length > 0) {
    const rows = [['LOGIN', 'NAME', 'STATUS', 'INVITED (UTC)', 'LAST REMINDER'], ...due.map(toRow)];
    stdout.write(
      alignColumns(rows)
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  if (!quiet) terminal.info(reminderText(plan));
  return 0;
}

/** `Run it (https://…): 3 of 12 people have not signed in; 1 would be reminded: …` */
export function reminderText({ cohort, orgUrl, people, due, waiting, mails }: ReminderPlan): string {
  const name = cohort.charAt(0).toUpperCase() + cohort.slice(1);
  const pending = due.length + waiting.length;
  const lines = [
    `${name} (${orgUrl}): ${pending} of ${plural(people, 'person', 'people')} ${pending === 1 ? 'has' : 'have'} not signed in.`,
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

function toRow({ login, name, status, invitedAt, remindedAt }: PlannedReminder): string[] {
  return [login, name, status, minuteOf(invitedAt), remindedAt === null ? 'never' : minuteOf(remindedAt)];
}

function minuteOf(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
