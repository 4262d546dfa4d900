import { OktaImportError } from '../errors.js';
import { messageOf } from '../text.js';

/** A report file cannot be written. The journal still has every outcome. */
export class ReportError extends OktaImportError {
  override readonly code = 'ERR_REPORT';

  constructor(path: string, cause: unknown) {
    super(`Cannot write the report ${path}: ${messageOf(cause)}.`, {
      hint: 'Free some disk space, then rebuild the files of the run with "report".',
      cause,
    });
  }
}
