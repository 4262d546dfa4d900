/** Why a run ends before the end of its file. */
export type StopReason =
  | { readonly kind: 'interrupted'; readonly signal: 'SIGINT' | 'SIGTERM' }
  /** `--canary` or `--max-failures`. */
  | { readonly kind: 'stop-condition'; readonly condition: string }
  /** What failed would fail for every row: the org's response, the journal, a report, the file. */
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * The exit code of a run: see the README, "Exit codes". Errors before the run starts carry their own (`OktaImportError.exitCode`).
 *
 * @param reason - undefined when the run reached its end.
 * @param badRows - rows that are invalid or failed.
 */
export function exitCodeOf(reason: StopReason | undefined, badRows = 0): 0 | 1 | 3 | 130 | 143 {
  switch (reason?.kind) {
    case undefined:
      return badRows > 0 ? 1 : 0;
    case 'interrupted':
      return reason.signal === 'SIGINT' ? 130 : 143;
    case 'stop-condition':
    case 'failed':
      return 3;
    default:
      return reason satisfies never;
  }
}
