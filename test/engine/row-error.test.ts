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

describe('the reported error', () => {
  it.each<[cause: string, message: string, columns?: string[]]>([
    [
      'login: An object with this field already exists in the current organization',
      'This login (column "E-mail") already exists in Okta. A deactivated user keeps it until deleted.',
      ['E-mail'],
    ],
    ['mobilePhone: Not a number', 'mobilePhone (column "Cell"): Not a number.', ['Cell']],
    ['title: Too long.', 'Title: Too long.', ['title']],
    [
      "Property name 'badge' is not defined in profile schema for userType with ID x",
      'This user type has no attribute badge. Add it in the Profile Editor, or ignore the column.',
    ],
    ['Something else', 'Something else.'],
  ])('for %j', (cause, message, columns) => {
    expect(toReportedError(refusal([cause]), columnOf)).toEqual({
      errorCode: 'E0000001',
      message,
      requestId: 'request-1',
      ...(columns && { columns }),
    });
  });

  it.each(['login: Does not match required pattern', 'Login: Does not match required pattern.'])(
    'names the login that the user has in Okta when a request did not change it: %s',
    (cause) => {
      const row = { row: 1, line: 2, cells: [] };
      const { message } = toReportedError(refusal([cause]), columnOf, { row, storedLogin: 'old login' });

      expect(message).toContain('The login "old login", which the user already has in Okta');
      expect(message).toContain('Does not match required pattern.');
    },
  );

  it('has all causes, or the summary when there are none', () => {
    expect(toReportedError(refusal(['login: Bad', 'title: Bad']), columnOf).message).toBe(
      'Login (column "E-mail"): Bad. Title: Bad.',
    );
    expect(toReportedError(refusal([]), columnOf).message).toBe('Api validation failed: login.');
  });

  it("has the status when the response is not Okta's", () => {
    const error = new OktaApiError({ operation: 'POST', status: 413, errorSummary: 'too large' });
    expect(toReportedError(error, columnOf)).toEqual({
      errorCode: 'HTTP_413',
      message: 'too large.',
      requestId: undefined,
    });
  });

  it('has the request ID of a response that could not be read', () => {
    const error = new OktaUnreadableResponseError(
      { operation: 'POST', status: 200, requestId: 'request-2' },
      'empty',
    );
    expect(toReportedError(error, columnOf)).toMatchObject({
      errorCode: 'ERR_OKTA_UNREADABLE_ANSWER',
      requestId: 'request-2',
    });
  });

  it('is not created for bugs, which are thrown', () => {
    const bug = new TypeError('x is not a function');
    expect(() => toReportedError(bug, columnOf)).toThrow(bug);
  });
});
