import { plural } from '../../text.js';

import { PageRequestError } from '../page-error.js';
import type { PageSession } from '../session.js';

/** One run at a time. @throws {PageRequestError} */
export function assertIdle({ run }: PageSession): void {
  if (run === undefined || run.view.status === 'ended') return;
  const { action, name, doneRows, rows } = run.view;
  const of = rows === undefined ? plural(doneRows, 'row') : `${doneRows} of ${plural(rows, 'row')}`;
  throw new PageRequestError(`A run is in progress (${action} of ${name}, ${of} done).`, {
    status: 409,
    hint: 'Wait until it has ended, or pause it in the step Run.',
  });
}

/** @param confirmed - the host name that the person confirmed. @throws {PageRequestError} */
export function assertConfirmed(orgUrl: string, confirmed: unknown): void {
  const { host } = new URL(orgUrl);
  if (typeof confirmed === 'string' && confirmed.trim().toLowerCase() === host.toLowerCase()) return;
  throw new PageRequestError(`The org was not confirmed: it is ${host}.`, {
    hint: 'Check that this is the org that you mean, and confirm its host name.',
  });
}
