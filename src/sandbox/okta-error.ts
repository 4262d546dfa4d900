/** The error codes of the sandbox: HTTP status and text, with `{0}` where Okta inserts a value. */
const ERRORS = {
  E0000001: [400, 'Api validation failed: {0}'],
  E0000003: [400, 'The request body was not well-formed.'],
  E0000004: [401, 'Authentication failed'],
  E0000005: [403, 'Invalid session'],
  E0000006: [403, 'You do not have permission to perform the requested action'],
  E0000007: [404, 'Not found: {0}'],
  E0000008: [404, 'The requested path was not found'],
  E0000009: [500, 'Internal Server Error'],
  E0000010: [503, 'Service is in read only mode'],
  E0000011: [401, 'Invalid token provided'],
  E0000014: [403, 'Update of credentials failed'],
  E0000015: [401, 'You do not have permission to access the feature you are requesting'],
  E0000016: [403, 'Activation failed because the user is already active'],
  E0000018: [400, 'Bad request.  Accept and/or Content-Type headers are likely not set.'],
  E0000020: [400, 'Bad request.'],
  E0000021: [400, 'Bad request.  Accept and/or Content-Type headers likely do not match supported values.'],
  E0000022: [405, 'The endpoint does not support the provided HTTP method'],
  E0000023: [403, 'Operation failed because user profile is mastered under another system'],
  E0000029: [400, 'Invalid paging request.'],
  E0000030: [
    400,
    "Bad request. Invalid date. Dates must be of the form yyyy-MM-dd'T'HH:mm:ss.SSSZZ, e.g. 2013-01-01T12:00:00.000-07:00.",
  ],
  E0000031: [400, 'Invalid search criteria.'],
  E0000032: [403, 'Unlock is not allowed for this user.'],
  E0000033: [400, "Bad request. Can't specify a search query and filter in the same request."],
  E0000037: [400, 'Type mismatch exception.  {0}'],
  E0000038: [403, "This operation is not allowed in the user's current status."],
  E0000047: [429, 'API call exceeded rate limit due to too many requests.'],
  E0000060: [501, 'Unsupported operation.'],
  E0000063: [400, 'Invalid combination of parameters specified.'],
  E0000077: [403, 'Cannot modify the {0} attribute because it is read-only.'],
  E0000078: [403, 'Cannot modify the {0} attribute because it is immutable.'],
  E0000093: [400, 'Target count limit exceeded'],
  E0000100: [503, 'Unable to perform search query.'],
  E0000112: [
    409,
    'Cannot update this user because they are still being activated. Please try again in a few minutes.',
  ],
  E0000122: [406, "Accept Header did not contain supported media type 'application/json'"],
  E0000124: [
    400,
    'Could not create user. To create a user and expire their password immediately, a password must be specified',
  ],
  E0000125: [
    400,
    'Could not create user. To create a user and expire their password immediately, "activate" must be true',
  ],
  E0000181: [503, 'Service temporarily unavailable.'],
  E0000231: [412, "ETag value doesn't match."],
  E0000239: [423, 'Policy priorities are being reconciled. Please try again later.'],
  E0000242: [400, 'ETag syntax is invalid.'],
  E0000249: [409, 'Group rules are still being set up.  Please try again later.'],
  E0000253: [409, 'The User type is still being initialized. Please try again later.'],
} as const satisfies Record<string, readonly [status: number, summary: string]>;

/** Okta's error codes, as far as the sandbox uses them. */
export type OktaErrorCode = keyof typeof ERRORS;

/** A problem of a request: what it is about, and the sentence that Okta puts into `errorCauses`. */
export interface Problem {
  readonly subject: string;
  readonly cause: string;
}

interface OktaErrorDetails {
  /** Replaces `{0}` in the summary. */
  readonly insert?: string;
  readonly causes?: readonly string[];
  /** Overrides the status of the code, for statuses that have no code of their own. */
  readonly status?: number;
}

/** Thrown by operations; the response has Okta's error body. */
export class OktaError extends Error {
  readonly status: number;
  readonly errorCode: OktaErrorCode;
  readonly causes: readonly string[];

  constructor(errorCode: OktaErrorCode, details: OktaErrorDetails = {}) {
    const [status, template] = ERRORS[errorCode];
    super(template.replace('{0}', () => details.insert ?? '').trimEnd());
    this.name = 'OktaError';
    this.status = details.status ?? status;
    this.errorCode = errorCode;
    this.causes = details.causes ?? [];
  }
}

/** 404 `E0000007`, naming what was not found. */
export function notFound(
  key: string,
  kind: 'User' | 'UserGroup' | 'CVDType' | 'UserSchema' | 'Brand',
): OktaError {
  return new OktaError('E0000007', { insert: `Resource not found: ${key} (${kind})` });
}

/** All problems of a request as one `E0000001`, whose summary names the first. */
function validationFailed(problems: readonly [Problem, ...Problem[]]): OktaError {
  return new OktaError('E0000001', {
    insert: problems[0].subject,
    causes: problems.map((problem) => problem.cause),
  });
}

/** `E0000001` with a single `field: message` cause. */
export function fieldError(field: string, message: string): OktaError {
  return validationFailed([fieldProblem(field, message)]);
}

/** A problem in the usual form, `field: message`. */
export function fieldProblem(field: string, message: string): Problem {
  return { subject: field, cause: `${field}: ${message}` };
}

/** Throws `E0000001` if there are problems. */
export function throwIfAny(problems: readonly Problem[]): void {
  const [first, ...others] = problems;
  if (first) throw validationFailed([first, ...others]);
}
