import type { Network } from '../../../src/okta/http/dispatcher.js';
import { systemClock } from '../../../src/clock.js';
import type { Authority } from '../../helpers/authority.js';
import { tlsOrg } from '../../helpers/tls-org.js';
import { BODY, clientFor, fakeOrg, sendJson, userBody } from '../servers.js';

export function trusting(authority: Authority, proxy?: Network['proxy']): Network {
  return { ca: [authority.pem], proxy };
}

/** The created user, or the error of the create. */
export async function create(orgUrl: string, network: Network, clock = systemClock): Promise<unknown> {
  const client = clientFor(orgUrl, { network, clock });
  return client.createUser(BODY, { activate: false }).catch((error: unknown) => error);
}

export async function userServer(
  authority: Authority,
  names: readonly string[],
  days?: { from: number; to: number },
) {
  const plain = await fakeOrg((response) => sendJson(response, 200, userBody('ada@example.com')));
  return tlsOrg(plain.url, await authority.issue(names, days));
}
