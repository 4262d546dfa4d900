import { OktaImportError } from '../errors.js';

/** A request to the local page that cannot be fulfilled. */
export class PageRequestError extends OktaImportError {
  override readonly code = 'ERR_PAGE_REQUEST';
  readonly status: number;

  constructor(message: string, { status = 400, hint }: { readonly status?: number; readonly hint: string }) {
    super(message, { hint });
    this.status = status;
  }
}

/** A file on this machine is no longer the one that was opened. */
export class OpenedFileChangedError extends OktaImportError {
  override readonly code = 'ERR_FILE_CHANGED';

  constructor(name: string) {
    super(`${name} has changed on disk since it was opened.`, {
      hint: 'In the step File, read the file again, then check its rows.',
    });
  }
}

/** The step needs an earlier one: no file yet, or no check. */
export class StepNotReadyError extends OktaImportError {
  override readonly code = 'ERR_PAGE_STEP';
}
