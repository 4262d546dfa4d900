import { jsonObject, optionalString } from './json-body.js';
import { OktaError } from './okta-error.js';
import { ok, type Call, type OperationResult } from './operations.js';
import type { Org } from './org.js';
import { passwordDigest } from './passwords.js';

/** `POST /api/v1/authn`: signs in with a plain password that the org was told, or says that it has to be changed. */
export function authenticate(org: Org, { body }: Call): OperationResult {
  const { username, password } = jsonObject(body);
  const user = org.users.findByLogin(optionalString(username) ?? '');
  const digest = passwordDigest(optionalString(password) ?? '');
  if (user === undefined || user.passwordDigest !== digest) throw new OktaError('E0000004');
  const { status, oktaId: id, profile } = user;
  if (status !== 'ACTIVE' && status !== 'PASSWORD_EXPIRED') throw new OktaError('E0000004');
  const _embedded = { user: { id, profile: { login: profile.login } } };
  if (status === 'PASSWORD_EXPIRED') return ok({ status, stateToken: `sandbox-${id}`, _embedded });
  user.lastLogin = org.timestamp();
  return ok({ status: 'SUCCESS', sessionToken: `sandbox-${id}`, _embedded });
}
