import type { ScopeNeeds, ServiceApp, SignInDescription } from '../okta/auth/authenticator.js';
import type { Secret } from '../secret.js';

import { SettingsError } from './error.js';
import type { FoundSetting, SettingLayers } from './layers.js';
import { scopesToRequest } from './scopes.js';
import { readSecretFile } from './secret-file.js';
import type { SettingChecks } from './setting-checks.js';
import { isKeyText } from './setting-names.js';

/** The credentials in the settings. @returns undefined when there are none; `checks` then says why. */
export async function loadSignIn(
  layers: SettingLayers,
  scopes: ScopeNeeds,
  checks: SettingChecks,
): Promise<SignInDescription | undefined> {
  const mode = signInMode(layers, checks);
  try {
    switch (mode) {
      case undefined:
        return undefined;
      case 'SSWS':
      case 'Bearer':
        return await loadToken(mode, layers, checks);
      case 'PrivateKey':
        return await loadServiceApp(layers, scopes, checks);
      default:
        return mode satisfies never;
    }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    checks.addInvalid(error.message, error.hint);
    return undefined;
  }
}

type Mode = SignInDescription['mode'];

/** By name, in any case. The Go SDK has a separate mode for a private key that is a JWK. */
const MODES: Readonly<Record<string, Mode>> = {
  ssws: 'SSWS',
  bearer: 'Bearer',
  privatekey: 'PrivateKey',
  jwk: 'PrivateKey',
};

/**
 * The stated mode, or else the one whose credentials are set. If several are set, those of the strongest layer are used,
 * and within one layer the API token, which is the default of Okta's SDKs.
 */
function signInMode(layers: SettingLayers, checks: SettingChecks): Mode | undefined {
  const stated = layers.find('authorizationMode');
  if (stated !== undefined) {
    const mode = MODES[stated.value.toLowerCase()];
    if (mode === undefined) {
      checks.addInvalid(`${stated.from} is "${stated.value}", but must be SSWS, PrivateKey or Bearer.`);
    }
    return mode;
  }
  const candidates: { mode: Mode; found: Pick<FoundSetting, 'from' | 'layer'> | undefined }[] = [
    { mode: 'SSWS', found: layers.findSecret('token') ?? layers.find('tokenFile') },
    { mode: 'PrivateKey', found: layers.findSecret('privateKey') },
    { mode: 'Bearer', found: layers.findSecret('accessToken') },
  ];
  const [first, second] = candidates
    .flatMap(({ mode, found }) => (found === undefined ? [] : [{ mode, ...found }]))
    .sort((one, other) => one.layer - other.layer);
  if (first !== undefined && second !== undefined) {
    checks.addWarning(
      `Both ${first.from} and ${second.from} are set. Using ${first.from}. To choose, set OKTA_CLIENT_AUTHORIZATIONMODE to ${first.mode} or ${second.mode}.`,
    );
  }
  return first?.mode ?? 'SSWS';
}

async function loadToken(
  mode: 'SSWS' | 'Bearer',
  layers: SettingLayers,
  checks: SettingChecks,
): Promise<SignInDescription | undefined> {
  const found = await findToken(mode, layers, checks);
  if (found === undefined) {
    const name = mode === 'SSWS' ? 'API token' : 'access token';
    checks.addMissing(
      `The ${name} is missing. Set OKTA_CLIENT_TOKEN. There is no flag for it, because other users of a machine can see the flags of a process.`,
    );
    return undefined;
  }
  const { value: token, from } = found;
  if (!hasTokenCharacters(token)) {
    checks.addInvalid(
      `${from} contains characters that no token has. Check that the token was copied completely, and nothing else.`,
    );
    return undefined;
  }
  if (mode === 'SSWS' && token.reveal().startsWith('eyJ')) {
    checks.addInvalid(
      `${from} contains an OAuth access token, not an API token. Set OKTA_CLIENT_AUTHORIZATIONMODE=Bearer.`,
    );
    return undefined;
  }
  return { mode, token, tokenFrom: from };
}

export function hasTokenCharacters(token: Secret): boolean {
  return /^[\x21-\x7e]+$/.test(token.reveal());
}

async function findToken(
  mode: 'SSWS' | 'Bearer',
  layers: SettingLayers,
  checks: SettingChecks,
): Promise<FoundSetting<Secret> | undefined> {
  const accessToken = mode === 'Bearer' ? layers.findSecret('accessToken') : undefined;
  const token = accessToken ?? layers.findSecret('token');
  const file = layers.find('tokenFile');
  if (file === undefined || (token !== undefined && token.layer <= file.layer)) return token;
  return {
    ...file,
    value: await readSecretFile(file.value, { from: file.from, folder: layers.folder, checks }),
  };
}

async function loadServiceApp(
  layers: SettingLayers,
  needs: ScopeNeeds,
  checks: SettingChecks,
): Promise<ServiceApp | undefined> {
  const clientId = layers.find('clientId');
  if (clientId === undefined) {
    checks.addMissing("The app's client ID is missing. Set OKTA_CLIENT_CLIENTID.");
  }
  const { scopes, problem } = scopesToRequest(needs, layers.find('scopes'));
  if (problem !== undefined) checks.addInvalid(problem);
  const privateKey = layers.findSecret('privateKey');
  if (privateKey === undefined) {
    checks.addMissing(
      'The private key is missing. Set OKTA_CLIENT_PRIVATEKEY to the path of the key file, or to the key itself (PEM or JWK).',
    );
    return undefined;
  }
  const { key, algorithm, keyId } = await loadPrivateKey(privateKey, layers, checks);
  if (clientId === undefined) return undefined;
  return {
    mode: 'PrivateKey',
    clientId: clientId.value,
    key,
    algorithm,
    keyId: layers.find('keyId')?.value ?? keyId,
    scopes,
  };
}

async function loadPrivateKey(
  { value, from }: FoundSetting<Secret>,
  layers: SettingLayers,
  checks: SettingChecks,
) {
  // OpenSSL is loaded only for those who sign in with a key.
  const { readPrivateKey } = await import('./private-key.js');
  if (isKeyText(value.reveal())) return readPrivateKey(value, from);
  const path = value.reveal();
  // A key without its first line must not appear in a message as the name of a file.
  if (/\s/.test(path) || path.length > 300 || /^[\w+/=-]{100,}$/.test(path)) {
    throw new SettingsError(`${from} is neither a key (PEM or JWK) nor the path of a key file.`, {
      hint: 'Set it to the path of the key file, or to the whole key from its first line to its last.',
    });
  }
  const text = await readSecretFile(path, { from, folder: layers.folder, checks });
  return readPrivateKey(text, `${from} (${path})`);
}
