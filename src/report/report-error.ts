import { OktaImportError } from '../errors.js';
import { messageOf } from '../text.js';

/** A report file cannot be written. The journal still has every outcome. */
export class ReportError extends OktaImportError {
  override readonly code = 'ERR_REPORT';

  constructor(path: string, cause: unknown) {
    super(`The report ${path} cannot be written: ${messageOf(cause)}.`, {
      hint: 'Make room on the disk; "report" makes the reports of a run again.',
      cause,
    });
  }
}
