import { messageWithHint, OktaImportError } from '../errors.js';
import type { OktaClient } from '../okta/client.js';
import { OktaApiError, OktaUnreadableResponseError } from '../okta/errors.js';
import { OktaConnectionError } from '../okta/http/connection-error.js';
import { reactionTo } from '../okta/http/failure-reaction.js';
import type { AdminRole, User } from '../okta/types.js';
import { Cancellation } from '../rows/cancellation.js';
import { exitCodeOf } from '../rows/exit-code.js';
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
 * Shows the org, the sign-in and its permissions, and the source of each setting. Writes nothing.
 *
 * @returns the exit code: 0 if an import may succeed, 1 if it would be rejected, 2 if the sign-in failed.
 */
export async function inspectSignIn(flags: WhoamiFlags, context: CommandContext): Promise<number> {
  const cancellation = new Cancellation();
  context.onInterrupt((signal) => cancellation.abort({ kind: 'interrupted', signal }));
  const whoami = initialWhoami(flags);
  try {
    if (flags.org instanceof OktaImportError) throw flags.org;
    await inspect(flags.org, whoami, flags.requests, context, cancellation.signal);
  } catch (error) {
    if (cancellation.reason !== undefined) return exitCodeOf(cancellation.reason);
    if (!(error instanceof OktaImportError)) throw error;
    whoami.problem = { code: error.code, message: error.message, hint: error.hint };
  }
  const text = flags.json
    ? JSON.stringify(whoami, undefined, 2)
    : whoamiText(whoami, flags.requests.rateLimitShare);
  context.stdout.write(`${text}\n`);
  if (whoami.problem !== null) return 2;
  return whoami.rights.some(blocksImports) ? 1 : 0;
}

const CREATE = 'create users';
const READ_BY_LOGIN = 'read by login';

function blocksImports({ right, isGranted }: Right): boolean {
  return isGranted === false && (right === CREATE || right === READ_BY_LOGIN);
}

function initialWhoami({ org, settings }: WhoamiFlags): Whoami {
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

async function inspect(
  org: Org,
  whoami: Whoami,
  requests: RequestSettings,
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const opened = await openOrg(org, requests, context);
  const { client } = opened;
  try {
    if (org.kind === 'sandbox' || org.signIn.mode !== 'PrivateKey') await readUser(client, whoami, signal);
    let listed: User | undefined;
    const readUsers = async (): Promise<void> => {
      listed = await firstOf(client.listUsers({ pageSize: 1 }, { signal, isOptional: true }));
    };
    whoami.rights.push(await checkRight('read users', readUsers));
    const login = listed?.profile.login ?? whoami.signIn.login;
    if (login !== null) whoami.rights.push(await checkReadByLogin(client, login, signal));
    const reads = {
      'read attributes': async () => client.getUserSchema(undefined, { signal }),
      'read user types': async () => client.listUserTypes({ signal }),
      'read groups': async () => client.listGroups(1, { signal }).next(),
    };
    for (const [right, read] of Object.entries(reads)) whoami.rights.push(await checkRight(right, read));
    whoami.signIn.scopes = client.grantedScopes ?? null;
    whoami.rights.unshift(rightToCreate(whoami));
  } finally {
    readLimitsAndClock(client, whoami, context.clock.now());
    await opened.close();
  }
}

/** An API token belongs to a user; an access token may. */
async function readUser(client: OktaClient, whoami: Whoami, signal: AbortSignal): Promise<void> {
  try {
    const me = await client.getUser('me', { signal });
    if (me === undefined) return;
    whoami.signIn.login = me.profile.login;
    whoami.signIn.oktaId = me.id;
    whoami.signIn.roles = (await client.listAdminRoles(me.id, { signal })).filter(isActive).map(labelOf);
  } catch (error) {
    // A sign-in that may not read its user can still have other permissions.
    if (!(error instanceof OktaApiError) || error.status === 401 || error.status < 400) throw error;
  }
}

const isActive = ({ status }: AdminRole): boolean => status === 'ACTIVE';

function labelOf({ type, label }: AdminRole): string {
  return `${label} (${type})`;
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

/** Checks a permission by using it. @throws any error other than a refusal, or a response that says nothing about it. */
async function checkRight(right: string, read: () => Promise<unknown>): Promise<Right> {
  try {
    await read();
    return { right, isGranted: true, because: 'tested' };
  } catch (error) {
    if (saysNothing(error)) return { right, isGranted: null, because: messageWithHint(error) };
    if (!(error instanceof OktaApiError)) throw error;
    if (error.status !== 403 && error.status !== 404) throw error;
    return refused(right, error);
  }
}

/** Whether one kind of request fails every time, which says nothing about the sign-in. */
function saysNothing(error: unknown): error is OktaImportError {
  if (error instanceof OktaApiError) {
    return error.status >= 500 || (error.status === 400 && reactionTo(error, false).kind === 'rejected');
  }
  return (
    error instanceof OktaUnreadableResponseError ||
    (error instanceof OktaConnectionError && reactionTo(error, false).kind === 'retry')
  );
}

/** Imports read users by login, which can fail where nothing else does: an org may reject how such a path is signed. */
async function checkReadByLogin(client: OktaClient, login: string, signal: AbortSignal): Promise<Right> {
  const right = READ_BY_LOGIN;
  try {
    const user = await client.findUserByLogin(login, { signal });
    return user === undefined
      ? { right, isGranted: null, because: `the user ${login} was not found` }
      : { right, isGranted: true, because: 'tested' };
  } catch (error) {
    if (saysNothing(error)) return { right, isGranted: false, because: messageWithHint(error) };
    if (!(error instanceof OktaApiError) || error.status === 401 || error.status < 400) throw error;
    // An admin of some groups may read other users.
    const isGranted = error.errorCode === 'E0000006' ? null : false;
    return { right, isGranted, because: messageWithHint(error) };
  }
}

function refused(right: string, error: OktaApiError): Right {
  return { right, isGranted: false, because: messageWithHint(error) };
}

/** Standard roles that may create users. A custom role may or may not. */
const CREATING_ROLES = /\((SUPER_ADMIN|ORG_ADMIN|USER_ADMIN)\)$/;

function rightToCreate({ signIn, rights }: Whoami): Right {
  const right = CREATE;
  const { roles, scopes } = signIn;
  if (!rights.some(({ isGranted }) => isGranted === true)) {
    const refusal = rights.find(({ isGranted }) => isGranted === false) ?? rights[0];
    if (refusal !== undefined) return { ...refusal, right, isGranted: false };
  }
  if (scopes !== null) {
    if (!scopes.includes('okta.users.manage')) {
      return { right, isGranted: false, because: 'the app does not have the scope okta.users.manage' };
    }
    const users = rights.find((one) => one.right === 'read users');
    return users?.isGranted === false
      ? { ...users, right }
      : { right, isGranted: true, because: 'scope okta.users.manage' };
  }
  if (roles === null) return { right, isGranted: null, because: 'this sign-in may not read its roles' };
  if (roles.some((role) => CREATING_ROLES.test(role))) {
    return { right, isGranted: true, because: roles.join(', ') };
  }
  if (roles.some((role) => role.endsWith('(CUSTOM)'))) {
    return { right, isGranted: null, because: `depends on the permissions of ${roles.join(', ')}` };
  }
  const because = roles.length === 0 ? 'no admin role' : `${roles.join(', ')} cannot create users`;
  return { right, isGranted: false, because };
}

/** The rate-limit buckets that imports use. */
const BUCKETS = ['/api/v1/users', 'GET /api/v1/users/{id}', '/api/v1/groups', '/api/v1'] as const;

function readLimitsAndClock(client: OktaClient, whoami: Whoami, nowMs: number): void {
  const { governor } = client;
  for (const bucket of BUCKETS) {
    const limit = governor.limitOf(bucket);
    if (limit !== undefined) whoami.rateLimits.push({ bucket, limit });
  }
  const { serverClock } = governor;
  if (!serverClock.isKnown) return;
  whoami.clock = {
    offsetMs: Math.round(serverClock.estimate(nowMs) - nowMs),
    uncertaintyMs: Math.ceil((serverClock.latest(nowMs) - serverClock.earliest(nowMs)) / 2),
  };
}
