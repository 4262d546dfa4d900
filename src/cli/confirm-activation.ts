import type { ActivationPlan } from '../jobs/activation-plan.js';
import { activationPlanLines } from '../jobs/activation-plan-text.js';
import { escapeControlCharacters } from '../text.js';
import { MAILS_WITHOUT_QUESTION } from '../jobs/mail-text.js';

import type { CommandContext } from './command-context.js';
import { saysYes } from './confirm.js';

/** Shows what an activation does, and asks before many emails are sent. Without a terminal there is no question. */
export async function confirmActivation(
  plan: ActivationPlan,
  { yes }: { readonly yes: boolean },
  context: CommandContext,
): Promise<boolean> {
  const { terminal, canAsk } = context;
  for (const line of activationPlanLines(plan)) terminal.info(escapeControlCharacters(line));
  if (yes || !canAsk || terminal.isJson || plan.mails.mails <= MAILS_WITHOUT_QUESTION) return true;
  terminal.info('To activate them without emails, use --no-send-email.');
  return saysYes('Continue?', context, plan.signal);
}
