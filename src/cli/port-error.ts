import { OktaImportError } from '../errors.js';
import { messageOf } from '../text.js';

/** A server of this program cannot listen on its port. */
export class PortError extends OktaImportError {
  override readonly code = 'ERR_PORT';

  constructor(port: number, cause: unknown) {
    super(`Cannot listen on port ${port}: ${messageOf(cause)}.`, {
      hint: 'Choose another port with --port, or --port 0 for a free one.',
      cause,
    });
  }
}
