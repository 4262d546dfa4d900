import type { PlannedReminder, ReminderPlan } from '../jobs/remind.js';
import { reminderText } from '../jobs/reminder-text.js';

import type { CommandContext } from './command-context.js';
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

function toRow({ login, name, status, invitedAt, remindedAt }: PlannedReminder): string[] {
  return [login, name, status, minuteOf(invitedAt), remindedAt === null ? 'never' : minuteOf(remindedAt)];
}

function minuteOf(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
