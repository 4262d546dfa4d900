import type { ScopeNeeds, SignInDescription } from '../okta/auth/authenticator.js';
import type { Network } from '../okta/http/dispatcher.js';
import type { Secret } from '../secret.js';

import { SettingsError } from './error.js';
import { loadNetwork } from './network.js';
import { isKeyText, isSecretName, SETTINGS, type SettingName } from './setting-names.js';
import { parseOrgUrl } from './org-url.js';
import { SettingProblems } from './problems.js';
import { scopesToAskFor } from './scopes.js';
import {
  readSettingLayers,
  readSecretFile,
  type Environment,
  type FoundSetting,
  type SettingLayers,
} from './layers.js';

export type { Environment } from './layers.js';

/** Where the org is and how to sign in. */
export interface OrgConnection {
  /** Origin, without a slash at the end. */
  readonly orgUrl: string;
  readonly network: Network;
  readonly signIn: SignInDescription;
  /** What was odd about the settings and kept nobody from using them. */
  readonly warnings: readonly string[];
}

/** The org that a command talks to: the sandbox inside the process, or a real one. */
export type Org = { readonly kind: 'sandbox' } | ({ readonly kind: 'org' } & OrgConnection);

/** The flags that say where and how, as yargs gives them. */
export interface OrgFlags {
  /** Undefined where a command has no such flag. */
  readonly sandbox?: boolean | undefined;
  readonly orgUrl?: string | undefined;
  readonly customDomain?: boolean | undefined;
  readonly envFile?: string | undefined;
  /** File of certificates to trust besides the system's. */
  readonly ca?: string | undefined;
  /** No warnings. */
  readonly quiet?: boolean | undefined;
}

/**
 * The org of flags, environment and files.
 *
 * @param scopes - what the command needs, should the sign-in be by OAuth.
 * @throws {SettingsError} all that is missing or wrong, at once.
 */
export async function loadOrg(flags: OrgFlags, env: Environment, scopes: ScopeNeeds): Promise<Org> {
  if (flags.sandbox) return { kind: 'sandbox' };
  const connection = await connectionOf(await gatherOrgSettings(flags, env), scopes, flags);
  return Object.freeze({ kind: 'org', ...connection, ...(flags.quiet && { warnings: [] }) });
}

/** The settings as `whoami` looks at them: what was found, and what it means or why it means nothing. */
export interface InspectedOrg {
  readonly settings: readonly SettingReport[];
  readonly org: Org | SettingsError;
}

/** As `loadOrg`, for whoever looks for the setting that is wrong. */
export async function inspectOrg(
  flags: OrgFlags,
  env: Environment,
  scopes: ScopeNeeds,
): Promise<InspectedOrg> {
  if (flags.sandbox) return { settings: [], org: { kind: 'sandbox' } };
  const sources = await gatherOrgSettings(flags, env);
  const settings = reportSettings(sources);
  try {
    return { settings, org: { kind: 'org', ...(await connectionOf(sources, scopes, flags)) } };
  } catch (error) {
    if (error instanceof SettingsError) return { settings, org: error };
    throw error;
  }
}

/** Where each setting of the org comes from. @throws {SettingsError} a file cannot be read. */
async function gatherOrgSettings(flags: OrgFlags, env: Environment): Promise<SettingLayers> {
  const customDomain = flags.customDomain ? 'true' : undefined;
  return readSettingLayers({ orgUrl: flags.orgUrl, customDomain, ca: flags.ca }, env, {
    envFile: flags.envFile,
  });
}

/** What is known of a setting, fit to be shown. */
export interface SettingReport {
  readonly name: SettingName;
  /** `[secret]` for one. */
  readonly value: string;
  readonly from: string;
}

/** Every setting that was found, for people who look for the one that is wrong. */
function reportSettings(sources: SettingLayers): SettingReport[] {
  return (Object.keys(SETTINGS) as SettingName[]).flatMap((name) => {
    const found = isSecretName(name) ? sources.findSecret(name) : sources.find(name);
    return found === undefined ? [] : [{ name, value: String(found.value), from: found.from }];
  });
}

/**
 * What the settings mean.
 *
 * @throws {SettingsError} all that is missing or wrong, at once.
 */
async function connectionOf(
  sources: SettingLayers,
  scopes: ScopeNeeds,
  { sandbox }: OrgFlags,
): Promise<OrgConnection> {
  const problems = new SettingProblems();
  let hint: string | undefined;
  const warnings = [...sources.warnings];
  const orgUrl = orgUrlOf(sources, problems, warnings);
  let signIn: SignInDescription | undefined;
  try {
    signIn = await signInOf(sources, scopes, problems, warnings);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.wrong(error.message);
    hint = error.hint;
  }
  const network = orgUrl === undefined ? undefined : loadNetwork(orgUrl, sources, problems);
  if (problems.all.length > 0 || orgUrl === undefined || signIn === undefined || network === undefined) {
    const canUseSandbox = sandbox !== undefined;
    throw new SettingsError(problems.all.join('\n'), { hint: hint ?? problems.hint({ canUseSandbox }) });
  }
  return { orgUrl, signIn, network, warnings };
}

function orgUrlOf(sources: SettingLayers, problems: SettingProblems, warnings: string[]): string | undefined {
  const found = sources.find('orgUrl');
  if (found === undefined) {
    problems.missing('The org URL is missing: set OKTA_CLIENT_ORGURL, or give --org-url.');
    return undefined;
  }
  const read = parseOrgUrl(found.value, found.from, sources.find('customDomain')?.value);
  if (read.kind === 'wrong') {
    problems.wrong(read.problem);
    return undefined;
  }
  warnings.push(...read.warnings);
  return read.origin;
}

async function signInOf(
  sources: SettingLayers,
  scopes: ScopeNeeds,
  problems: SettingProblems,
  warnings: string[],
): Promise<SignInDescription | undefined> {
  const mode = modeOf(sources, problems, warnings);
  switch (mode) {
    case undefined:
      return undefined;
    case 'SSWS':
    case 'Bearer': {
      const token = await tokenOf(sources, mode, warnings);
      if (token === undefined) problems.missing(MISSING[mode]);
      else if (!/^[\x21-\x7e]+$/.test(token.value.reveal())) {
        problems.wrong(
          `${token.from} holds characters that no token has: was it copied whole, and nothing else?`,
        );
      } else if (mode === 'SSWS' && token.value.reveal().startsWith('eyJ')) {
        problems.wrong(
          `${token.from} holds an OAuth access token, not an API token: set OKTA_CLIENT_AUTHORIZATIONMODE=Bearer.`,
        );
      } else return { mode, token: token.value, tokenFrom: token.from };
      return undefined;
    }
    case 'PrivateKey':
      return serviceAppOf(sources, scopes, problems, warnings);
    default:
      return mode satisfies never;
  }
}

type Mode = SignInDescription['mode'];

const MISSING = {
  SSWS: 'The API token is missing: set OKTA_CLIENT_TOKEN. There is no flag for it, since others can see the flags of a process.',
  Bearer:
    'The access token is missing: set OKTA_CLIENT_TOKEN. There is no flag for it, since others can see the flags of a process.',
} as const;

/** By name in any case; the Go SDK calls a private key that is a JWK a mode of its own. */
const MODES: Readonly<Record<string, Mode>> = {
  ssws: 'SSWS',
  bearer: 'Bearer',
  privatekey: 'PrivateKey',
  jwk: 'PrivateKey',
};

/**
 * How to sign in: as stated, else by what is set. Of several that are set the strongest source decides, and within one
 * source the API token, which is the default of Okta's SDKs.
 */
function modeOf(sources: SettingLayers, problems: SettingProblems, warnings: string[]): Mode | undefined {
  const stated = sources.find('authorizationMode');
  if (stated !== undefined) {
    const mode = MODES[stated.value.toLowerCase()];
    if (mode === undefined) {
      problems.wrong(`${stated.from} is "${stated.value}": it takes SSWS, PrivateKey or Bearer.`);
    }
    return mode;
  }
  const candidates: { mode: Mode; found: Pick<FoundSetting, 'from' | 'layer'> | undefined }[] = [
    { mode: 'SSWS', found: sources.findSecret('token') ?? sources.find('tokenFile') },
    { mode: 'PrivateKey', found: sources.findSecret('privateKey') },
    { mode: 'Bearer', found: sources.findSecret('accessToken') },
  ];
  const [first, second] = candidates
    .flatMap(({ mode, found }) => (found === undefined ? [] : [{ mode, ...found }]))
    .sort((one, other) => one.layer - other.layer);
  if (first !== undefined && second !== undefined) {
    warnings.push(
      `Both ${first.from} and ${second.from} are set; the first is used. To choose, set OKTA_CLIENT_AUTHORIZATIONMODE=${first.mode}, or ${second.mode}.`,
    );
  }
  return first?.mode ?? 'SSWS';
}

async function tokenOf(
  sources: SettingLayers,
  mode: 'SSWS' | 'Bearer',
  warnings: string[],
): Promise<FoundSetting<Secret> | undefined> {
  const ready = mode === 'Bearer' ? sources.findSecret('accessToken') : undefined;
  const token = ready ?? sources.findSecret('token');
  const file = sources.find('tokenFile');
  if (file === undefined || (token !== undefined && token.layer <= file.layer)) return token;
  const read = await readSecretFile(file.value, { folder: sources.folder, from: file.from });
  warnings.push(...read.warnings);
  return { ...file, value: read.secret };
}

async function serviceAppOf(
  sources: SettingLayers,
  scopes: ScopeNeeds,
  problems: SettingProblems,
  warnings: string[],
): Promise<SignInDescription | undefined> {
  const clientId = sources.find('clientId');
  const privateKey = sources.findSecret('privateKey');
  if (clientId === undefined) {
    problems.missing("The app's client id is missing: set OKTA_CLIENT_CLIENTID.");
  }
  const asked = scopesToAskFor(scopes, sources.find('scopes'));
  if (asked.missing !== undefined) problems.wrong(asked.missing);
  if (privateKey === undefined) {
    problems.missing(
      'The private key is missing: set OKTA_CLIENT_PRIVATEKEY to the path of its file, or to the key itself (PEM or JWK).',
    );
    return undefined;
  }
  // OpenSSL is loaded only for those who sign in with a key.
  const { readPrivateKey } = await import('./private-key.js');
  let secret = privateKey.value;
  let { from } = privateKey;
  if (!isKeyText(secret.reveal())) {
    const path = secret.reveal();
    // A key without its first line must not end up in a message as the name of a file.
    if (/\s/.test(path) || path.length > 300 || /^[\w+/=-]{100,}$/.test(path)) {
      throw new SettingsError(
        `${from} is neither a key (PEM or JWK) nor the path of a file that holds one.`,
        {
          hint: 'Set it to the path of the key file, or to the whole key from its first line to its last.',
        },
      );
    }
    const read = await readSecretFile(path, { folder: sources.folder, from });
    warnings.push(...read.warnings);
    secret = read.secret;
    from = `${from} (${path})`;
  }
  const { key, algorithm, keyId } = readPrivateKey(secret, from);
  if (clientId === undefined) return undefined;
  return {
    mode: 'PrivateKey',
    clientId: clientId.value,
    key,
    algorithm,
    keyId: sources.find('keyId')?.value ?? keyId,
    scopes: asked.scopes,
  };
}
