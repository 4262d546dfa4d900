import type { SyncPlan } from '../jobs/sync.js';
import { escapeControlCharacters, plural } from '../text.js';

import type { CommandContext } from './command-context.js';
import { saysYes } from './confirm.js';

/**
 * Asks before a data set deactivates people for the first time, since their credentials are lost. Everything else runs without
 * a question: the checks of the plan stand guard.
 */
export async function confirmSync(file: string, plan: SyncPlan, context: CommandContext): Promise<boolean> {
  const { leavers, isFirstDeactivation, orgUrl, signal } = plan;
  if (!isFirstDeactivation) return true;
  const toDeactivate = leavers.filter(({ action }) => action === 'deactivate');
  const { terminal, canAsk } = context;
  const logins = toDeactivate.slice(0, 5).map(({ user }) => user?.profile['login'] ?? '');
  const more = toDeactivate.length > logins.length ? `, and ${toDeactivate.length - logins.length} more` : '';
  terminal.info(
    escapeControlCharacters(
      `${plural(toDeactivate.length, 'person is', 'people are')} no longer in ${file} and will be deactivated in ${orgUrl}: ${logins.join(', ')}${more}. Deactivated users lose their passwords and factors.`,
    ),
  );
  if (!canAsk || terminal.isJson || file === '-') {
    terminal.warn(
      'Nothing was changed: the first run that deactivates leavers must be confirmed. Use --yes.',
    );
    return false;
  }
  return saysYes('Continue?', context, signal);
}
