import type { ReminderPlan } from '../jobs/remind.js';
import { escapeControlCharacters } from '../text.js';
import { MAILS_WITHOUT_QUESTION } from '../jobs/mail-text.js';
import { reminderText } from '../jobs/reminder-text.js';

import type { CommandContext } from './command-context.js';
import { saysYes } from './confirm.js';

/** Shows who is to be reminded, and asks if there are many. Without a terminal there is no question. */
export async function confirmReminders(
  plan: ReminderPlan,
  { yes }: { readonly yes: boolean },
  context: CommandContext,
): Promise<boolean> {
  const { terminal, canAsk } = context;
  for (const line of reminderText(plan).split('\n')) terminal.info(escapeControlCharacters(line));
  if (yes || !canAsk || terminal.isJson || plan.mails.mails <= MAILS_WITHOUT_QUESTION) return true;
  return saysYes('Send them?', context, plan.signal);
}
