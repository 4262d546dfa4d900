/**
 * The base class of every error that this program throws on purpose.
 *
 * `message` states what happened and where, `hint` what to do, and `code` is for branching. Everything else that is
 * thrown is a bug and is printed as one.
 */
export abstract class OktaImportError extends Error {
  /** Stable and documented: branch on this, never on the message. */
  abstract readonly code: `ERR_${string}`;
  /**
   * The exit code when the program ends with this error before anything was sent: 2, or 3 if the disk failed, since the same command
   * may succeed later.
   */
  readonly exitCode: number;
  /** What the reader can do, as one imperative sentence. */
  hint: string;

  constructor(message: string, options: { hint: string; cause?: unknown }) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
    this.exitCode = isDiskFailure(options.cause) ? 3 : 2;
  }
}

/** Full disk, quota, file size limit, I/O error, stale network file system, and too many open files. */
const DISK_FAILURES = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'ESTALE', 'EMFILE', 'ENFILE'];

function isDiskFailure(cause: unknown): boolean {
  return (
    DISK_FAILURES.some((code) => hasErrorCode(cause, code)) ||
    (cause instanceof Error && cause.cause !== undefined && isDiskFailure(cause.cause))
  );
}

/** What went wrong and what to do about it, as sentences. */
export function messageWithHint({ message, hint }: OktaImportError): string {
  // Okta's own messages do not end with a period.
  return `${message.replace(/([^.!?:)])$/, '$1.')} ${hint}`;
}

/** Whether the operating system failed with this code, such as `ENOENT`. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
