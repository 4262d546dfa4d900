import type { OpenOrg } from '../jobs/job.js';
import { Secret } from '../secret.js';
import type { Sandbox } from '../sandbox/server.js';
import type { ScopeNeeds } from '../okta/auth/authenticator.js';
import type { InspectedOrg, Org, OrgConnection, OrgFlags } from '../settings/load.js';
import type { RequestSettings } from '../settings/requests.js';

import { requestLog } from './request-log.js';
import type { CommandContext } from './command-context.js';
import { escapeControlCharacters } from '../text.js';

/** The org of the flags, the environment and the settings files. @throws {SettingsError} */
export async function loadOrg(flags: OrgFlags, scopes: ScopeNeeds, context: CommandContext): Promise<Org> {
  const { loadOrg } = await import('../settings/load.js');
  return loadOrg(flags, context.env, scopes, async (org) => {
    if (!context.canAsk || context.terminal.isJson) return false;
    const { confirmForeignOrg } = await import('./confirm.js');
    return confirmForeignOrg(org, context);
  });
}

/** Like `loadOrg`, with the source of every setting. */
export async function inspectOrg(
  flags: OrgFlags,
  scopes: ScopeNeeds,
  { env }: Pick<CommandContext, 'env'>,
): Promise<InspectedOrg> {
  const { inspectOrg } = await import('../settings/load.js');
  return inspectOrg(flags, env, scopes);
}

/** Creates a client for the org. A sandbox is started inside the process. */
export async function openOrg(
  org: Org,
  requests: RequestSettings,
  context: CommandContext,
): Promise<OpenOrg> {
  if (org.kind === 'org') return connectTo(org, requests, context);
  const { connection, sandbox } = await startEmbedded(requests.concurrency);
  const opened = await connectTo(connection, requests, context);
  return {
    client: opened.client,
    async close() {
      await opened.close();
      await sandbox.close();
    },
  };
}

/** Creates a client for an org that is there. */
export async function connectTo(
  { orgUrl, signIn, network, warnings }: OrgConnection,
  requests: RequestSettings,
  { clock, random, version, terminal }: CommandContext,
): Promise<OpenOrg> {
  for (const warning of warnings) terminal.warn(escapeControlCharacters(warning));
  // An offline dry run does not need HTTP.
  const [{ OktaClient }, { createSignInMethod }] = await Promise.all([
    import('../okta/client.js'),
    import('../okta/auth/create-authenticator.js'),
  ]);
  const client = new OktaClient({
    ...requests,
    orgUrl,
    signIn: await createSignInMethod(signIn),
    userAgent: `okta-csv-import/${version} node/${process.versions.node}`,
    clock,
    random,
    network,
    observer: requestLog(terminal),
  });
  return { client, close: () => client.close() };
}

function connectionTo({ url, token }: Sandbox): OrgConnection {
  return {
    orgUrl: url,
    signIn: { mode: 'SSWS', token: new Secret(token), tokenFrom: 'the sandbox' },
    network: { ca: [], proxy: undefined },
    warnings: [],
  };
}

/** Requests per minute of an embedded sandbox, so that a trial does not wait. */
const EMBEDDED_LIMIT = 1_000_000;

/** Starts a sandbox inside this process. */
export async function startEmbedded(
  concurrency: number,
): Promise<{ readonly sandbox: Sandbox; readonly connection: OrgConnection }> {
  const [{ startSandbox }, { demoSeed }] = await Promise.all([
    import('../sandbox/server.js'),
    import('../sandbox/demo-seed.js'),
  ]);
  const sandbox = await startSandbox({
    seed: demoSeed,
    rateLimits: { limits: EMBEDDED_LIMIT },
    concurrencyLimit: Math.max(75, concurrency),
  });
  return { sandbox, connection: connectionTo(sandbox) };
}
