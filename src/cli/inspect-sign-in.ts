import { OktaImportError } from '../errors.js';
import type { OktaClient } from '../okta/client.js';
import { OktaApiError } from '../okta/errors.js';
import type { AdminRole } from '../okta/types.js';
import { exitCodeFor, Cancellation } from '../rows/cancellation.js';
import type { InspectedOrg, Org } from '../settings/load.js';
import type { RequestSettings } from '../settings/requests.js';

import { openOrg } from './connect.js';
import type { CommandContext } from './command-context.js';
import { whoamiText, type Right, type Whoami } from './whoami-text.js';

export interface WhoamiFlags extends InspectedOrg {
  readonly requests: RequestSettings;
  readonly json: boolean;
}

/**
 * `whoami`: which org, who is signed in and how, what they may do, where each setting comes from. Writes nothing.
 *
 * @returns the exit code: 0 an import can be tried, 1 it would be refused, 2 nobody was let in.
 */
export async function inspectSignIn(flags: WhoamiFlags, surroundings: CommandContext): Promise<number> {
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => cancellation.abort({ kind: 'interrupted', signal }));
  const found = blank(flags);
  try {
    if (flags.org instanceof OktaImportError) throw flags.org;
    await ask(flags.org, found, flags.requests, surroundings, cancellation.signal);
  } catch (error) {
    if (cancellation.reason !== undefined) return exitCodeFor(cancellation.reason);
    if (!(error instanceof OktaImportError)) throw error;
    found.problem = { code: error.code, message: error.message, hint: error.hint };
  }
  const text = flags.json
    ? JSON.stringify(found, undefined, 2)
    : whoamiText(found, flags.requests.rateLimitShare);
  surroundings.stdout.write(`${text}\n`);
  if (found.problem !== null) return 2;
  return found.rights.some(({ right, isGranted }) => right === CREATE && isGranted === false) ? 1 : 0;
}

const CREATE = 'create users';

function blank({ org, settings }: WhoamiFlags): Whoami {
  const connection = org instanceof OktaImportError || org.kind === 'sandbox' ? undefined : org;
  const signIn = connection?.signIn;
  return {
    org: connection?.orgUrl ?? settings.find(({ name }) => name === 'orgUrl')?.value ?? null,
    settings,
    signIn: {
      mode: signIn?.mode ?? null,
      clientId: signIn?.mode === 'PrivateKey' ? signIn.clientId : null,
      login: null,
      oktaId: null,
      roles: null,
      scopes: null,
    },
    rights: [],
    rateLimits: [],
    clock: null,
    problem: null,
  };
}

async function ask(
  org: Org,
  found: Whoami,
  requests: RequestSettings,
  surroundings: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const opened = await openOrg(org, requests, surroundings);
  const { client } = opened;
  try {
    if (org.kind === 'sandbox' || org.signIn.mode !== 'PrivateKey') await askWho(client, found, signal);
    const reads = {
      'read users': async () => client.listUsers({ pageSize: 1 }, { signal }).next(),
      'read attributes': async () => client.getUserSchema(undefined, { signal }),
      'read user types': async () => client.listUserTypes({ signal }),
      'read groups': async () => client.listGroups(1, { signal }).next(),
    };
    for (const [right, read] of Object.entries(reads)) found.rights.push(await tried(right, read));
    found.signIn.scopes = client.grantedScopes ?? null;
    found.rights.unshift(rightToCreate(found));
  } finally {
    learnFromAnswers(client, found, surroundings.clock.now());
    await opened.close();
  }
}

/** An API token belongs to somebody; an access token may. */
async function askWho(client: OktaClient, found: Whoami, signal: AbortSignal): Promise<void> {
  try {
    const me = await client.getUser('me', { signal });
    if (me === undefined) return;
    found.signIn.login = me.profile.login;
    found.signIn.oktaId = me.id;
    found.signIn.roles = (await client.listAdminRoles(me.id, { signal })).filter(isActive).map(labelOf);
  } catch (error) {
    // Who may not see this can still be let in for the rest.
    if (!(error instanceof OktaApiError) || error.status === 401 || error.status < 400) throw error;
  }
}

const isActive = ({ status }: AdminRole): boolean => status === 'ACTIVE';

function labelOf({ type, label }: AdminRole): string {
  return `${label} (${type})`;
}

/** Reads, and says whether that was allowed. @throws what keeps everybody from being answered. */
async function tried(right: string, read: () => Promise<unknown>): Promise<Right> {
  try {
    await read();
    return { right, isGranted: true, because: 'tried' };
  } catch (error) {
    const isRefusal = error instanceof OktaApiError && (error.status === 403 || error.status === 404);
    if (!isRefusal) throw error;
    return { right, isGranted: false, because: `${error.message} ${error.hint}` };
  }
}

/** Roles that may create users, as far as their names say; a custom role may or may not (auth.md §2). */
const CREATING_ROLES = /\((SUPER_ADMIN|ORG_ADMIN|USER_ADMIN)\)$/;

function rightToCreate({ signIn, rights }: Whoami): Right {
  const right = CREATE;
  const { roles, scopes } = signIn;
  if (scopes !== null) {
    if (!scopes.includes('okta.users.manage')) {
      return { right, isGranted: false, because: 'the app was not granted okta.users.manage.' };
    }
    const users = rights.find((one) => one.right === 'read users');
    return users?.isGranted === false
      ? { ...users, right }
      : { right, isGranted: true, because: 'okta.users.manage is granted' };
  }
  if (roles === null) return { right, isGranted: null, because: 'roles are not shown to this sign-in' };
  if (roles.some((role) => CREATING_ROLES.test(role))) {
    return { right, isGranted: true, because: roles.join(', ') };
  }
  if (roles.some((role) => role.endsWith('(CUSTOM)'))) {
    return { right, isGranted: null, because: `depends on the permissions of ${roles.join(', ')}` };
  }
  const because = roles.length === 0 ? 'no admin role' : `${roles.join(', ')} may not`;
  return { right, isGranted: false, because };
}

/** The buckets that imports use, by the names of the governor. */
const BUCKETS = ['/api/v1/users', 'GET /api/v1/users/{id}', '/api/v1/groups', '/api/v1'] as const;

function learnFromAnswers(client: OktaClient, found: Whoami, nowMs: number): void {
  const { governor } = client;
  for (const bucket of BUCKETS) {
    const limit = governor.limitOf(bucket);
    if (limit !== undefined) found.rateLimits.push({ bucket, limit });
  }
  const { serverClock } = governor;
  if (!serverClock.isKnown) return;
  found.clock = {
    offsetMs: Math.round(serverClock.estimate(nowMs) - nowMs),
    uncertaintyMs: Math.ceil((serverClock.latest(nowMs) - serverClock.earliest(nowMs)) / 2),
  };
}
