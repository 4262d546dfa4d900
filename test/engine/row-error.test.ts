import { describe, expect, it } from 'vitest';

import { OktaApiError, OktaUnreadableResponseError } from '../../src/okta/errors.js';
import { toReportedError } from '../../src/engine/row-error.js';

const columnOf = (attribute: string): string | undefined =>
  ({ login: 'E-mail', mobilePhone: 'Cell', title: 'title' })[attribute];

function refusal(
  errorCauses: readonly string[],
  more: { errorCode?: string; status?: number } = {},
): unknown {
  return new OktaApiError({
    operation: 'POST /api/v1/users',
    status: 400,
    errorCode: 'E0000001',
    errorSummary: 'Api validation failed: login',
    errorCauses,
    requestId: 'request-1',
    ...more,
  });
}

describe("Okta's refusal in plain words", () => {
  it.each([
    [
      'login: An object with this field already exists in the current organization',
      'Another user of the org has this login (column "E-mail") already; a deactivated user keeps it until deleted.',
    ],
    ['mobilePhone: Not a number', 'MobilePhone (column "Cell"): Not a number.'],
    ['title: Too long.', 'Title: Too long.'],
    [
      "Property name 'badge' is not defined in profile schema for userType with ID x",
      'The org has no attribute named badge for this type of user. Add it in the Profile Editor, or ignore the column.',
    ],
    ['Something else', 'Something else.'],
  ])('of %j', (cause, message) => {
    expect(toReportedError(refusal([cause]), columnOf)).toEqual({
      errorCode: 'E0000001',
      message,
      requestId: 'request-1',
    });
  });

  it('tells all causes, and the summary where there is none', () => {
    expect(toReportedError(refusal(['login: Bad', 'title: Bad']), columnOf).message).toBe(
      'Login (column "E-mail"): Bad. Title: Bad.',
    );
    expect(toReportedError(refusal([]), columnOf).message).toBe('Api validation failed: login.');
  });

  it('names the status when the answer was not in Okta’s form', () => {
    const error = new OktaApiError({ operation: 'POST', status: 413, errorSummary: 'too large' });
    expect(toReportedError(error, columnOf)).toEqual({
      errorCode: 'HTTP_413',
      message: 'too large.',
      requestId: undefined,
    });
  });

  it('keeps the id of the request of an answer that could not be read', () => {
    const error = new OktaUnreadableResponseError(
      { operation: 'POST', status: 200, requestId: 'request-2' },
      'empty',
    );
    expect(toReportedError(error, columnOf)).toMatchObject({
      errorCode: 'ERR_OKTA_UNREADABLE_ANSWER',
      requestId: 'request-2',
    });
  });

  it('lets bugs through', () => {
    const bug = new TypeError('x is not a function');
    expect(() => toReportedError(bug, columnOf)).toThrow(bug);
  });
});
