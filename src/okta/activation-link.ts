import { Secret } from '../secret.js';

import { OktaUnreadableResponseError } from './errors.js';
import type { OktaResponse } from './http/parse-response.js';

/** How a user without a password gets one. Whoever has it can become the user. */
export interface ActivationLink {
  readonly url: Secret;
  readonly token: Secret;
}

/** @returns undefined when the body has none, as when Okta sends the link itself. */
export function parseActivationLink({ body }: Pick<OktaResponse, 'body'>): ActivationLink | undefined {
  const { activationUrl, activationToken } = (body ?? {}) as Record<string, unknown>;
  if (typeof activationUrl !== 'string' || typeof activationToken !== 'string') return undefined;
  return { url: new Secret(activationUrl), token: new Secret(activationToken) };
}

/** @throws {OktaUnreadableResponseError} the response has no password. */
export function parseTemporaryPassword(response: OktaResponse): Secret {
  const { tempPassword } = (response.body ?? {}) as Record<string, unknown>;
  if (typeof tempPassword === 'string' && tempPassword !== '') return new Secret(tempPassword);
  throw new OktaUnreadableResponseError(response, 'without a temporary password');
}
