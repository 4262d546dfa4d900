import { OktaImportError } from '../errors.js';

const HINT =
  'Restore the run folder from a backup. Without one, import the file as a new run with --if-exists skip, which leaves existing users alone.';

/** The file is not a journal, or lines of it cannot be believed. A last line that a crash has torn is no damage. */
export class DamagedJournalError extends OktaImportError {
  override readonly code = 'ERR_JOURNAL_DAMAGED';

  constructor(path: string, problem: string, hint: string = HINT) {
    super(`${path} ${problem}.`, { hint });
  }
}
