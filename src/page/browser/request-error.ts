/** A request to the program that failed, with what the reader can do about it. */
export class RequestError extends Error {
  /** As the command line has it. */
  readonly code: string;
  readonly hint: string | undefined;
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined;

  constructor(error: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string | undefined;
    readonly status?: number | undefined;
  }) {
    super(error.message);
    this.code = error.code;
    this.hint = error.hint;
    this.status = error.status;
  }

  /** Whether the program has ended or cannot be reached. */
  get isUnreachable(): boolean {
    return this.status === undefined;
  }

  /** Whether the cookie belongs to a program that has ended. */
  get isStale(): boolean {
    return this.status === 401 || this.status === 403;
  }
}
