import type { PageOrg } from '../page/session.js';
import { messageWithHint } from '../errors.js';
import type { OpenOrg } from '../jobs/job.js';
import { SettingsError } from '../settings/error.js';
import type { OrgConnection, OrgFlags } from '../settings/load.js';
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
