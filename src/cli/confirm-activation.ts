import type { ActivationPlan } from '../jobs/activation-plan.js';
import { escapeControlCharacters, plural } from '../text.js';

import type { CommandContext } from './command-context.js';
import { saysYes } from './confirm.js';
import { MAILS_WITHOUT_QUESTION, mailsText } from './mail-text.js';

/** Shows what an activation does, and asks before many emails are sent. Without a terminal there is no question. */
export async function confirmActivation(
  plan: ActivationPlan,
  { yes }: { readonly yes: boolean },
  context: CommandContext,
): Promise<boolean> {
  const { terminal, canAsk } = context;
  for (const line of activationText(plan)) terminal.info(escapeControlCharacters(line));
  if (yes || !canAsk || terminal.isJson || plan.mails.mails <= MAILS_WITHOUT_QUESTION) return true;
  terminal.info('To activate them without emails, use --no-send-email.');
  return saysYes('Continue?', context, plan.signal);
}

function activationText({
  target,
  orgUrl,
  users,
  reissued,
  mails,
  linksFile,
  waitingForStart,
  nextStart,
  withoutStart,
}: ActivationPlan): string[] {
  const goal =
    linksFile === undefined
      ? mailsText(mails)
      : `no emails, the activation links are written to ${linksFile}`;
  const lines = [`Activate ${plural(users, 'user')} of ${target} in ${orgUrl}: ${goal}.`];
  if (reissued > 0) {
    lines.push(
      `${plural(reissued, 'user')} who ${reissued === 1 ? 'was' : 'were'} activated before ${reissued === 1 ? 'gets' : 'get'} a new link; the former one ends.`,
    );
  }
  if (waitingForStart > 0) {
    const isOne = waitingForStart === 1;
    const next =
      nextStart === undefined ? '' : isOne ? ` It is ${nextStart}.` : ` The next start date is ${nextStart}.`;
    lines.push(
      `${plural(waitingForStart, 'user waits', 'users wait')} for the start date and ${isOne ? 'is' : 'are'} left alone (--early includes them).${next}`,
    );
  }
  if (withoutStart > 0) {
    lines.push(
      `${plural(withoutStart, 'staged user has', 'staged users have')} no start date and ${withoutStart === 1 ? 'is' : 'are'} left alone (--due).`,
    );
  }
  return lines;
}
