import type { FaultSubject } from './fault-trigger.js';
import { isJsonObject } from './json-body.js';
import { OktaError } from './okta-error.js';
import type { Call } from './operations.js';
import type { Org } from './org.js';
import type { SandboxRequest } from './sandbox-request.js';
import { loginIn } from './to-call.js';
import { loginKey } from './user-store.js';

/** What the triggers of faults need to know of a request, computed on demand: most sandboxes have no faults. */
export function faultSubjectOf(request: SandboxRequest, call: Call | OktaError, org: Org): FaultSubject {
  return {
    operation: request.route?.operation ?? 'unknown',
    isWrite: request.method !== 'GET',
    query: () => new URLSearchParams(request.url.split(/\?(.*)/s)[1]),
    loginKey: () => (call instanceof OktaError ? undefined : loginKeyOf(call, org)),
    groups: () => (call instanceof OktaError ? [] : groupsOf(call, org)),
  };
}

function loginKeyOf({ params, body }: Call, org: Org): string | undefined {
  const { user } = params;
  const login = user === undefined ? loginIn(body) : (org.users.find(user)?.profile.login ?? user);
  return login === undefined ? undefined : loginKey(login);
}

function groupsOf({ params, body }: Call, org: Org): string[] {
  const { group } = params;
  const inBody = isJsonObject(body) && Array.isArray(body['groupIds']) ? body['groupIds'] : [];
  const ids = group === undefined ? inBody.map(String) : [group];
  return ids.flatMap((id) => [id, org.groups.findById(id)?.name ?? id]);
}
