import { OktaImportError } from '../errors.js';

/** The users of the run cannot be activated. */
export class ActivationError extends OktaImportError {
  override readonly code = 'ERR_ACTIVATION';
}
