import type { LoginUse } from '../engine/login-order.js';
import type { ColumnOf, Problem } from '../rows/problem.js';
import { quoted } from '../text.js';

import { matchKey } from './match-key.js';
import { changesLogin, type PersonPlan } from './plan-person.js';

/** The login that the plan of a person needs, and the one that it gives up, by Okta IDs. */
export function loginUseOf(plan: PersonPlan): LoginUse {
  return {
    needs: 'loginHolder' in plan ? plan.loginHolder?.id : undefined,
    gives: plan.kind === 'existing' && changesLogin(plan.changes) ? plan.user.id : undefined,
  };
}

/** The problem of a row whose login belongs to another user, who keeps it. */
export function takenLogin(
  login: string,
  plan: PersonPlan,
  { match, columnOf }: { readonly match: string; readonly columnOf: ColumnOf },
): Problem {
  const holder = 'loginHolder' in plan ? plan.loginHolder : undefined;
  const key = holder && matchKey(holder.profile, match);
  const other = key === undefined ? `has no ${match}` : `has ${match} ${quoted(key)}`;
  const belongs = `The login ${quoted(login)} belongs to a user who ${other}`;
  const message =
    plan.kind === 'create'
      ? `${belongs}. Correct the ${match} in Okta, or the row.`
      : `${belongs} and keeps it in this run. Give that user another login in Okta, or correct the row.`;
  return { code: 'login-of-other-person', column: columnOf('login'), message };
}
