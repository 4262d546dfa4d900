import { OktaImportError } from '../errors.js';

/** A setting is missing or invalid. The message names the setting. */
export class SettingsError extends OktaImportError {
  override readonly code = 'ERR_SETTINGS';
}
