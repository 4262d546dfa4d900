import type { PageOrg } from '../page/session.js';
import { messageWithHint, OktaImportError } from '../errors.js';
import type { OpenOrg } from '../jobs/job.js';
import { OktaApiError } from '../okta/errors.js';
import { SettingsError } from '../settings/error.js';
import type { OrgConnection, OrgFlags } from '../settings/load.js';
import { loadTypedOrg, type TypedOrg } from '../settings/typed-org.js';
import type { RequestSettings } from '../settings/requests.js';

import type { CommandContext } from './command-context.js';
import { orgArgs } from './flag-values.js';
import { connectTo, inspectOrg, startEmbedded } from './connect.js';
import { scopes } from './scopes.js';

/** The org of the local page, for as long as the page runs. */
export interface OpenedPageOrg {
  readonly org: PageOrg;
  close(): Promise<void>;
}

/** An org that is not set up is no error: a token can be typed on the page. @throws {SettingsError} a file cannot be read. */
export async function openPageOrg(
  flags: OrgFlags,
  requests: RequestSettings,
  context: CommandContext,
): Promise<OpenedPageOrg> {
  if (flags.sandbox === true) {
    const { connection, sandbox } = await startEmbedded(requests.concurrency);
    return {
      org: pageOrgOf(connection, { kind: 'sandbox', orgArgs: orgArgs(flags) }, requests, context),
      close: () => sandbox.close(),
    };
  }
  const { org } = await inspectOrg(flags, scopes.ui, context);
  if (org instanceof SettingsError) return { org: missingOrg(org), close: nothing };
  if (org.kind === 'sandbox') throw new TypeError('Only --sandbox selects the sandbox.');
  return {
    org: pageOrgOf(org, { kind: 'org', orgArgs: orgArgs(flags) }, requests, context),
    close: nothing,
  };
}

/** How long an org may take to respond while the person waits at the dialog. */
const CHECK_MS = 10_000;

/**
 * An org that was typed on the page, with its token, which is used once to check it. The proxy and the certificates are those of the
 * settings.
 *
 * @throws {OktaImportError} The address or the token is wrong, or the org does not respond.
 */
export async function openTypedOrg(
  typed: TypedOrg,
  flags: OrgFlags,
  requests: RequestSettings,
  context: CommandContext,
): Promise<PageOrg> {
  const connection = await loadTypedOrg(typed, flags, context.env);
  const limited = { ...requests, giveUpAfterMs: Math.min(requests.giveUpAfterMs, CHECK_MS) };
  const opened = await connectTo(connection, limited, context);
  try {
    await opened.client.getUser('me');
  } catch (error) {
    // A sign-in that may not read its user can still have other permissions.
    const isSignedIn = error instanceof OktaApiError && error.status === 403;
    if (!isSignedIn) throw withoutSetting(error);
  } finally {
    await opened.close();
  }
  const orgArgs = [
    '--org-url',
    connection.orgUrl,
    ...(typed.isCustomDomain === true ? ['--custom-domain'] : []),
  ];
  return pageOrgOf(connection, { kind: 'org', orgArgs }, requests, context);
}

/** The address was typed: no setting has it. */
function withoutSetting(error: unknown): unknown {
  if (error instanceof OktaImportError) error.hint = error.hint.replace(/ \(OKTA_\w+\)/, '');
  return error;
}

async function nothing(): Promise<void> {}

function pageOrgOf(
  connection: OrgConnection,
  { kind, orgArgs: args }: { readonly kind: 'sandbox' | 'org'; readonly orgArgs: readonly string[] },
  requests: RequestSettings,
  context: CommandContext,
): PageOrg {
  const { signIn, orgUrl } = connection;
  return {
    state: {
      kind,
      url: orgUrl,
      credentialsFrom: signIn.mode === 'PrivateKey' ? 'the key of a service app' : signIn.tokenFrom,
      problem: undefined,
    },
    connect: (): Promise<OpenOrg> => connectTo(connection, requests, context),
    orgArgs: args,
  };
}

function missingOrg(error: SettingsError): PageOrg {
  return {
    state: {
      kind: 'none',
      url: undefined,
      credentialsFrom: undefined,
      problem: { id: 'org', severity: 'warning', message: messageWithHint(error) },
    },
    connect: undefined,
    orgArgs: [],
  };
}
