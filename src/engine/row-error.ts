import { OktaImportError } from '../errors.js';
import { OktaApiError } from '../okta/errors.js';
import { JournalError } from '../journal/journal.js';
import { isRunStopping, reactionTo } from '../okta/http/failure-reaction.js';
import type { Cancellation } from '../rows/cancellation.js';
import type { ReportedError, RowResult } from '../rows/outcome.js';
import type { CreateOperation } from '../rows/operation.js';
import type { ColumnOf } from '../rows/problem.js';
import { placeOf } from '../rows/place.js';
import { capitalize, quoted, withFullStop } from '../text.js';

import { isAccessRefusal, type AccessRefusals } from './access-refusals.js';

/** The row that got an error, and the groups that its request named. */
export interface RefusedRow extends Pick<CreateOperation, 'row' | 'groupNames'> {
  /** The login that the user has in Okta, if the request did not change it: Okta checks it all the same. */
  readonly storedLogin?: string | undefined;
}

/** A row whose request named one group or none. */
export function refusedRow({ row, groupNames }: RefusedRow, groupId: string | undefined): RefusedRow {
  if (groupId === undefined) return { row };
  return { row, groupNames: new Map([[groupId, groupNames?.get(groupId) ?? groupId]]) };
}

/**
 * Describes an error of a row for the report, with the column names of the file.
 *
 * @param refused - for errors that may be about the admin's permissions, or about the user as it is in Okta.
 * @throws the error itself if it is a bug.
 */
export function toReportedError(error: unknown, columnOf: ColumnOf, refused?: RefusedRow): ReportedError {
  if (isAccessRefusal(error) && refused !== undefined) return toReportedRefusal(error, refused);
  if (error instanceof OktaApiError) {
    const causes = error.errorCauses.map((cause) => toMessage(cause, columnOf, refused?.storedLogin));
    const message = causes.length > 0 ? causes.join(' ') : withFullStop(error.errorSummary);
    const columns = error.errorCauses
      .map((cause) => fieldOf(cause) ?? '')
      // A login that the user already has is not that of the row.
      .filter((field) => refused?.storedLogin === undefined || field.toLowerCase() !== 'login')
      .map((field) => columnOf(field))
      .filter((column) => column !== undefined);
    return {
      errorCode: error.errorCode ?? `HTTP_${error.status}`,
      message,
      requestId: error.requestId,
      ...(columns.length > 0 && { columns: [...new Set(columns)] }),
    };
  }
  if (error instanceof OktaImportError) {
    return { errorCode: error.code, message: error.message, requestId: requestIdOf(error) };
  }
  throw error;
}

/** Whether a failed write of one row would fail for every row. */
export async function stopsRun(
  error: unknown,
  { access }: { readonly access?: AccessRefusals | undefined },
): Promise<boolean> {
  const isRunOver = error instanceof JournalError || isRunStopping(reactionTo(error, true));
  return isRunOver && !(await access?.concernsOnlyRow(error));
}

/** The result of a row for which the org could not be asked whether the user exists: nothing was sent. */
export async function lookupFailure(
  error: unknown,
  { cancellation, columnOf, access }: LookupContext,
  refused?: RefusedRow,
): Promise<RowResult> {
  const isStopped = cancellation.isCauseOf(error);
  if (!isStopped && reactionTo(error, false).kind === 'stop' && !(await access?.concernsOnlyRow(error))) {
    cancellation.fail(error);
  }
  if (cancellation.isAborted) return { status: 'not-attempted', reason: cancellation.stopReason() };
  return { status: 'failed', error: toReportedError(error, columnOf, refused) };
}

interface LookupContext {
  readonly cancellation: Cancellation;
  readonly columnOf: ColumnOf;
  readonly access?: AccessRefusals | undefined;
}

/** Names the row and its groups, since an admin of some groups only has to know which of them is not theirs. */
function toReportedRefusal(error: OktaApiError, { row, groupNames }: RefusedRow): ReportedError {
  const names = [...(groupNames?.values() ?? [])].map(quoted);
  const groups = names.length === 0 ? '' : ` (group ${names.join(', ')})`;
  const { errorSummary, requestId } = error;
  const message = `Not permitted for ${placeOf(row)}${groups}: ${withFullStop(errorSummary)}`;
  return { errorCode: 'E0000006', message, requestId };
}

function requestIdOf(error: object): string | undefined {
  return 'requestId' in error && typeof error.requestId === 'string' ? error.requestId : undefined;
}

/** The attribute that a cause is about, if it names one. */
function fieldOf(cause: string): string | undefined {
  return FIELD_CAUSE.exec(cause)?.[1] ?? UNDEFINED_PROPERTY.exec(cause)?.[1];
}

const FIELD_CAUSE = /^([A-Za-z][\w.]*): (.*)$/s;
const UNDEFINED_PROPERTY = /^Property name '([^']+)' is not defined in profile/;

/** A cause is `field: message`, or a sentence that quotes the name of a property (Error codes, "E0000001"). */
function toMessage(cause: string, columnOf: ColumnOf, storedLogin: string | undefined): string {
  const [, field, text] = FIELD_CAUSE.exec(cause) ?? [];
  if (field !== undefined && text !== undefined) {
    // The login that the user already has is never the cause.
    if (text.startsWith('An object with this field already exists')) {
      return `This ${where(field, columnOf)} already exists in Okta. A deactivated user keeps it until deleted.`;
    }
    if (storedLogin !== undefined && field.toLowerCase() === 'login') return aboutLogin(storedLogin, text);
    // The name of an attribute such as jobTitle stays as it is.
    const name = /^[a-z]+$/.test(field) ? capitalize(field) : field;
    return `${where(field, columnOf).replace(field, name)}: ${withFullStop(text)}`;
  }
  const [, property] = UNDEFINED_PROPERTY.exec(cause) ?? [];
  if (property !== undefined) {
    return `This user type has no attribute ${where(property, columnOf)}. Add it in the Profile Editor, or ignore the column.`;
  }
  return withFullStop(cause);
}

function aboutLogin(storedLogin: string, reason: string): string {
  return `The login ${quoted(storedLogin)}, which the user already has in Okta, breaks the org's rules for logins: ${withFullStop(reason)} Okta rejects every update of the user until the login is changed in Okta, or the rules in Directory > Profile Editor.`;
}

function where(field: string, columnOf: ColumnOf): string {
  const column = columnOf(field);
  return column === undefined || column === field ? field : `${field} (column "${column}")`;
}
