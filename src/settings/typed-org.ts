import { Secret } from '../secret.js';

import { SettingsError } from './error.js';
import type { Environment } from './layers.js';
import { readOrgLayers, type OrgConnection, type OrgFlags } from './load.js';
import { loadNetwork } from './network.js';
import { parseOrgUrl } from './org-url.js';
import { SettingChecks } from './setting-checks.js';
import { hasTokenCharacters } from './sign-in.js';

/** An org as a person has typed it. */
export interface TypedOrg {
  readonly url: string;
  readonly token: string;
  /** Whether the person says that a host that is not Okta's belongs to the org. */
  readonly isCustomDomain?: boolean | undefined;
}

/** Reads a typed org; how it is reached (proxy, certificates) is as in the settings. @throws {SettingsError} */
export async function loadTypedOrg(
  { url, token: text, isCustomDomain = false }: TypedOrg,
  flags: Pick<OrgFlags, 'ca' | 'envFile'>,
  env: Environment,
): Promise<OrgConnection> {
  const layers = await readOrgLayers({ ca: flags.ca, envFile: flags.envFile }, env);
  const parsed = parseOrgUrl(url, 'The address', isCustomDomain ? 'true' : undefined);
  if (parsed.kind === 'invalid') {
    const [problem = '', advice] = parsed.problem.split(/ (?=If it is your org's custom domain)/);
    throw new SettingsError(problem, {
      hint:
        advice === undefined
          ? 'Correct the address.'
          : "If it is your org's custom domain, say so below the address.",
    });
  }
  const token = new Secret(text);
  if (!hasTokenCharacters(token)) {
    throw new SettingsError('The token contains characters that tokens cannot contain.', {
      hint: 'Check that the token was copied completely, and nothing else.',
    });
  }
  if (text.startsWith('eyJ')) {
    throw new SettingsError('This is an OAuth access token, not an API token.', {
      hint: 'Create an API token in the Admin Console: Security > API > Tokens.',
    });
  }
  const checks = new SettingChecks();
  const network = loadNetwork(parsed.origin, layers, checks);
  if (checks.problems.length > 0) throw checks.toError({ canUseSandbox: false });
  const signIn = { mode: 'SSWS', token, tokenFrom: 'typed on the page' } as const;
  return { orgUrl: parsed.origin, signIn, network, warnings: [] };
}
