import { realmWarning } from '../engine/update-problem.js';
import { sourcedWarning } from '../engine/sourced-user.js';
import type { OrgMetadata } from '../org/org-metadata.js';
import type { ColumnOf, Problem } from '../rows/problem.js';
import type { Row } from '../rows/row.js';
import type { Leaver } from '../sync/leavers.js';
import { quoted } from '../text.js';

import type { Checks } from './compile-checks.js';
import type { PlannedPerson } from './sync-pass.js';

/** Warns of what deserves a look at a person of the file. */
export function warnAbout(
  person: PlannedPerson,
  { warn, columnOf }: Pick<Checks, 'warn' | 'columnOf'>,
): void {
  if (person.kind !== 'person') return;
  const { row, login } = person.operation;
  for (const warning of warningsOf(person, columnOf)) warn(warning, { row, login });
}

/** Warns of a leaver who could not be suspended. */
export function warnAboutLeaver(
  { reason, user, isRefused }: Leaver,
  row: Row,
  { warn }: Pick<Checks, 'warn'>,
): void {
  if (isRefused !== true) return;
  const message = `${reason} Deactivate the user, or use --leavers deactivate.`;
  warn(warning('leaver-not-suspended', message), { row, login: user?.profile.login });
}

/** Warns of changes that Okta may refuse, which only a dry run has to guess. */
export function warnOfRefusals(
  person: PlannedPerson,
  { warn, ...context }: Pick<Checks, 'warn' | 'columnOf'> & Pick<OrgMetadata, 'isMasteredByOkta'>,
): void {
  if (person.kind !== 'person' || person.plan.kind !== 'existing') return;
  const { operation, plan } = person;
  const changed = plan.changes.map(({ attribute }) => attribute);
  const warning = sourcedWarning(operation, plan.user, changed, context);
  if (warning !== undefined) warn(warning, { row: operation.row, login: operation.login });
}

function* warningsOf(
  { operation, plan }: PlannedPerson & { readonly kind: 'person' },
  columnOf: ColumnOf,
): Generator<Problem> {
  const { login } = operation;
  if (plan.kind === 'create') {
    if (plan.isRecreated) {
      yield warning('user-recreated', 'The user was deleted in Okta, and the file still has the person.');
    }
    for (const double of plan.possibleDoubles) {
      yield warning(
        'possible-double',
        `Possible double: ${quoted(double)} has the same first and last name as ${quoted(login)}.`,
      );
    }
  }
  if (plan.kind !== 'existing') return;
  const realmKept = realmWarning(plan.user, operation, columnOf);
  if (realmKept !== undefined) yield realmKept;
  if (plan.warning !== undefined) yield warning('user-inactive', plan.warning);
  if (plan.keptLogin !== undefined) {
    yield warning(
      'login-kept',
      `The user does not belong to the data set, and keeps its login ${quoted(plan.keptLogin)}. With --adopt-existing, it gets the login of the row.`,
    );
  }
}

function warning(code: string, message: string): Problem {
  return { code, column: undefined, message };
}
