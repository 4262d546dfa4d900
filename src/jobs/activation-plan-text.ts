import { plural } from '../text.js';

import type { ActivationPlan } from './activation-plan.js';
import { mailsText } from './mail-text.js';

/** What an activation would do: a sentence per line. */
export function activationPlanLines({
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
