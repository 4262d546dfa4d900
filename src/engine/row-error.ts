import { OktaApiError } from '../okta/errors.js';
import { OktaImportError } from '../errors.js';

import type { ReportedError } from '../rows/outcome.js';
import type { ColumnOf } from '../rows/problem.js';

/** Turns what Okta refused a row with into words for the report that name the file's own columns. */
export function toReportedError(error: unknown, columnOf: ColumnOf): ReportedError {
  if (error instanceof OktaApiError) {
    const causes = error.errorCauses.map((cause) => toMessage(cause, columnOf));
    const message = causes.length > 0 ? causes.join(' ') : withFullStop(error.errorSummary);
    return {
      errorCode: error.errorCode ?? `HTTP_${error.status}`,
      message,
      requestId: error.requestId,
    };
  }
  if (error instanceof OktaImportError) {
    return { errorCode: error.code, message: error.message, requestId: requestIdOf(error) };
  }
  throw error;
}

function requestIdOf(error: object): string | undefined {
  return 'requestId' in error && typeof error.requestId === 'string' ? error.requestId : undefined;
}

/** Causes come as `field: message`, or as a sentence that quotes the property's name (errors.md, "E0000001"). */
function toMessage(cause: string, columnOf: ColumnOf): string {
  const [, field, text] = /^([A-Za-z][\w.]*): (.*)$/s.exec(cause) ?? [];
  if (field !== undefined && text !== undefined) {
    if (text.startsWith('An object with this field already exists')) {
      return `Another user of the org has this ${where(field, columnOf)} already; a deactivated user keeps it until deleted.`;
    }
    return `${capitalized(where(field, columnOf))}: ${withFullStop(text)}`;
  }
  const [, property] = /^Property name '([^']+)' is not defined in profile/.exec(cause) ?? [];
  if (property !== undefined) {
    return `The org has no attribute named ${where(property, columnOf)} for this type of user. Add it in the Profile Editor, or ignore the column.`;
  }
  return withFullStop(cause);
}

function where(field: string, columnOf: ColumnOf): string {
  const column = columnOf(field);
  return column === undefined || column === field ? field : `${field} (column "${column}")`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
