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

/** The step needs an earlier one: no file yet, or no check. */
export class StepNotReadyError extends OktaImportError {
  override readonly code = 'ERR_PAGE_STEP';
}
