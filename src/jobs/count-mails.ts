import { getsActivationMail, MailPlanner, type MailPlan } from '../engine/mail-plan.js';
import type { DateSettings } from '../journal/journal-line.js';
import type { EmploymentDates } from '../mapping/employment-dates.js';
import { loginKey } from '../okta/login.js';

import type { Checks } from './compile-checks.js';
import type { Input, InputScan } from './input.js';
import type { ResolvedOptions } from './options.js';

/** Larger files are not read once more only to say how many emails they cause. */
const MAX_ROWS = 100_000;

/**
 * How many activation emails an import would cause, if every row was valid and none of the users existed: those who have no
 * password.
 *
 * @returns undefined when the file is too large, or cannot be read twice.
 */
export async function countMails(
  input: Input,
  { found, rows = Number.POSITIVE_INFINITY }: Pick<InputScan, 'found' | 'rows'>,
  {
    checks,
    options,
    signal,
  }: {
    readonly checks: Pick<Checks, 'mapRow'>;
    readonly options: ResolvedOptions;
    readonly signal: AbortSignal;
  },
): Promise<MailPlan | undefined> {
  const planner = new MailPlanner();
  if (!options.activate || options.links !== undefined) return planner.plan();
  if (input.isOpenEnded || rows > MAX_ROWS) return undefined;
  const logins = new Set<string>();
  const { batches } = await input.read({ found }, signal);
  for await (const batch of batches) {
    for (const row of batch) {
      const isLeftOut =
        options.isSelected?.(row.row) === false || (row.isHidden === true && options.hiddenRows === 'skip');
      if (isLeftOut) continue;
      const { login, request, problems, dates, passwordLength } = checks.mapRow(row);
      if (passwordLength !== undefined) continue;
      if (options.dates !== undefined && isOutside(dates, options.dates)) continue;
      if (login === undefined || problems.length > 0 || logins.has(loginKey(login))) continue;
      logins.add(loginKey(login));
      if (getsActivationMail(request)) planner.add(request);
    }
  }
  return planner.plan();
}

/** Whether a person has not started yet, or has left. */
function isOutside({ start = '', end }: EmploymentDates = {}, { today }: DateSettings): boolean {
  return start > today || (end !== undefined && end < today);
}
