import type { ScopeNeeds, SignInDescription } from '../okta/auth/authenticator.js';
import type { Network } from '../okta/http/dispatcher.js';

import { SettingsError } from './error.js';
import { findForeignOrg, type ConfirmOrg, type ForeignOrg } from './foreign-org.js';
import { readSettingLayers, type Environment, type SettingLayers } from './layers.js';
import { loadNetwork } from './network.js';
import { parseOrgUrl } from './org-url.js';
import { SettingChecks } from './setting-checks.js';
import { isSecretName, SETTINGS, type SettingName } from './setting-names.js';
import { loadSignIn } from './sign-in.js';

/** Where the org is, how to reach it, and the credentials. */
export interface OrgConnection {
  /** Origin, without a trailing slash. */
  readonly orgUrl: string;
  readonly network: Network;
  readonly signIn: SignInDescription;
  readonly warnings: readonly string[];
}

/** The org that a command uses: the sandbox inside the process, or a real one. */
export type Org = { readonly kind: 'sandbox' } | ({ readonly kind: 'org' } & OrgConnection);

/** The flags that select the org and the connection to it. */
export interface OrgFlags {
  /** Undefined for a command without this flag. */
  readonly sandbox?: boolean | undefined;
  readonly orgUrl?: string | undefined;
  readonly customDomain?: boolean | undefined;
  readonly envFile?: string | undefined;
  /** File with certificates to trust in addition to the system's. */
  readonly ca?: string | undefined;
}

/**
 * Reads and checks the settings of the org: flags, environment and files.
 *
 * @param scopes - what the command needs, if it signs in with OAuth.
 * @param confirmOrg - called when a file in the current folder sends credentials from elsewhere to a host that is not Okta's;
 *   by default that is an error.
 * @throws {SettingsError} all that is missing or invalid, at once.
 */
export async function loadOrg(
  flags: OrgFlags,
  env: Environment,
  scopes: ScopeNeeds,
  confirmOrg?: ConfirmOrg,
): Promise<Org> {
  if (flags.sandbox) return { kind: 'sandbox' };
  const layers = await readOrgLayers(flags, env);
  const connection = await checkConnection(layers, scopes, { ...flags, confirmOrg });
  return Object.freeze({ kind: 'org', ...connection });
}

/** The settings that were found, and the org they lead to, or why they lead to no org. */
export interface InspectedOrg {
  readonly settings: readonly SettingReport[];
  readonly org: Org | SettingsError;
}

/** As `loadOrg`, for finding the setting that is wrong. @throws {SettingsError} a file cannot be read. */
export async function inspectOrg(
  flags: OrgFlags,
  env: Environment,
  scopes: ScopeNeeds,
): Promise<InspectedOrg> {
  if (flags.sandbox) return { settings: [], org: { kind: 'sandbox' } };
  const layers = await readOrgLayers(flags, env);
  const settings = reportSettings(layers);
  try {
    return { settings, org: { kind: 'org', ...(await checkConnection(layers, scopes, flags)) } };
  } catch (error) {
    if (error instanceof SettingsError) return { settings, org: error };
    throw error;
  }
}

export async function readOrgLayers(flags: OrgFlags, env: Environment): Promise<SettingLayers> {
  const { orgUrl, ca, envFile } = flags;
  const customDomain = flags.customDomain ? 'true' : undefined;
  return readSettingLayers({ orgUrl, customDomain, ca }, env, { envFile });
}

/** A setting in a form that may be shown. */
export interface SettingReport {
  readonly name: SettingName;
  /** `[secret]` for a secret. */
  readonly value: string;
  readonly from: string;
}

function reportSettings(layers: SettingLayers): SettingReport[] {
  return (Object.keys(SETTINGS) as SettingName[]).flatMap((name) => {
    const found = isSecretName(name) ? layers.findSecret(name) : layers.find(name);
    return found === undefined ? [] : [{ name, value: String(found.value), from: found.from }];
  });
}

/** @throws {SettingsError} all that is missing or invalid, at once. */
async function checkConnection(
  layers: SettingLayers,
  scopes: ScopeNeeds,
  { sandbox, confirmOrg }: OrgFlags & { readonly confirmOrg?: ConfirmOrg | undefined },
): Promise<OrgConnection> {
  const checks = new SettingChecks(layers.warnings);
  const orgUrl = checkOrgUrl(layers, checks);
  const signIn = await loadSignIn(layers, scopes, checks);
  if (orgUrl !== undefined && signIn !== undefined) {
    const foreign = await findForeignOrg(orgUrl, layers);
    if (foreign !== undefined && (await confirmOrg?.(foreign)) !== true) addForeignOrg(foreign, checks);
  }
  const network = orgUrl === undefined ? undefined : loadNetwork(orgUrl, layers, checks);
  const { problems, warnings } = checks;
  if (problems.length > 0 || orgUrl === undefined || signIn === undefined || network === undefined) {
    throw checks.toError({ canUseSandbox: sandbox !== undefined });
  }
  return { orgUrl, signIn, network, warnings };
}

function addForeignOrg({ host, orgUrl, orgFrom, credentialsFrom }: ForeignOrg, checks: SettingChecks): void {
  checks.addInvalid(
    `${orgFrom} names the host ${host}, which does not belong to Okta, and would get the credentials of ${credentialsFrom}. Only you can decide that, not a file in the current folder.`,
    `If the host is your org's, name it yourself: add --org-url ${orgUrl}, or set OKTA_CLIENT_ORGURL. Otherwise, delete the file.`,
  );
}

function checkOrgUrl(layers: SettingLayers, checks: SettingChecks): string | undefined {
  const found = layers.find('orgUrl');
  if (found === undefined) {
    checks.addMissing('The org URL is missing. Set OKTA_CLIENT_ORGURL, or use --org-url.');
    return undefined;
  }
  const parsed = parseOrgUrl(found.value, found.from, layers.find('customDomain')?.value);
  if (parsed.kind === 'invalid') {
    checks.addInvalid(parsed.problem);
    return undefined;
  }
  for (const warning of parsed.warnings) checks.addWarning(warning);
  return parsed.origin;
}
