import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

import { hasErrorCode } from '../errors.js';
import { Secret } from '../secret.js';

import { SettingsError } from './error.js';
import { codeOf, permissionWarnings, readNamedFile, readRegularFile } from './secret-file.js';
import {
  isKeyText,
  SETTINGS,
  type SecretName,
  type SettingName,
  type SettingNames,
} from './setting-names.js';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where settings files are looked for. */
export interface SettingLocations {
  /** The environment file of `--env-file`. */
  readonly envFile?: string | undefined;
  /** Default: the current directory. */
  readonly folder?: string | undefined;
  /** Default: `HOME`. */
  readonly home?: string | undefined;
}

export interface FoundSetting<Value = string> {
  readonly value: Value;
  /** For people: `OKTA_CLIENT_TOKEN`, `okta.client.token in ./okta.yaml, line 4`. */
  readonly from: string;
  /** 0 is the strongest: flags, environment, environment file, ./okta.yaml, ~/.okta/okta.yaml. */
  readonly layer: number;
  /** Whether it is from a file that was found in the current folder, and so may be anybody's. */
  readonly isFromFolder: boolean;
}

/** All settings of the org, not yet checked. */
export interface SettingLayers {
  /** Relative paths in settings start here. */
  readonly folder: string;
  readonly isHomeFolder: boolean;
  find(name: Exclude<SettingName, SecretName>): FoundSetting | undefined;
  findSecret(name: SecretName): FoundSetting<Secret> | undefined;
  readonly warnings: readonly string[];
}

interface Layer {
  readonly find: (name: SettingName) => Pick<FoundSetting, 'value' | 'from'> | undefined;
  readonly isInFolder?: boolean;
  readonly warnings: readonly string[];
}

/**
 * Reads the settings in the order of Okta's SDKs: flags, the environment, the environment file if there is one,
 * `./okta.yaml` (or `./.okta.yaml`), `~/.okta/okta.yaml`. Empty values count as not set.
 *
 * @param flags - by the name of the setting.
 * @throws {SettingsError} a file cannot be read.
 */
export async function readSettingLayers(
  flags: Partial<Record<SettingName, string | undefined>>,
  env: Environment,
  locations: SettingLocations = {},
): Promise<SettingLayers> {
  const folder = locations.folder ?? process.cwd();
  const home = locations.home ?? env['HOME'] ?? homedir();
  const layers: Layer[] = [flagLayer(flags), environmentLayer(env, '')];
  if (locations.envFile !== undefined) layers.push(await envFileLayer(locations.envFile, folder));
  for (const [path, name] of [
    [join(folder, 'okta.yaml'), './okta.yaml'],
    [join(folder, '.okta.yaml'), './.okta.yaml'],
    [join(home, '.okta', 'okta.yaml'), '~/.okta/okta.yaml'],
  ] as const) {
    const layer = await yamlLayer(path, name);
    if (layer !== undefined) layers.push({ ...layer, isInFolder: dirname(path) === folder });
  }
  const find = (name: SettingName): FoundSetting | undefined => {
    for (const [index, layer] of layers.entries()) {
      const found = layer.find(name);
      if (found !== undefined) return { ...found, layer: index, isFromFolder: layer.isInFolder === true };
    }
    return undefined;
  };
  return {
    folder,
    isHomeFolder: folder === home,
    find,
    findSecret(name) {
      const found = find(name);
      return found && { ...found, value: new Secret(found.value) };
    },
    warnings: layers.flatMap(({ warnings }) => warnings),
  };
}

function flagLayer(flags: Partial<Record<SettingName, string | undefined>>): Layer {
  return {
    find(name) {
      const value = flags[name]?.trim() ?? '';
      const names: SettingNames = SETTINGS[name];
      return value === '' ? undefined : { value, from: names.flag ?? name };
    },
    warnings: [],
  };
}

/** @param where - follows the name of the variable in messages. */
function environmentLayer(env: Environment, where: string, warnings: readonly string[] = []): Layer {
  const valueOf = (variable: string): string => env[variable]?.trim() ?? '';
  return {
    find(name) {
      for (const variable of SETTINGS[name].env) {
        const value = valueOf(variable);
        if (value !== '') return { value, from: `${variable}${where}` };
      }
      // Terraform's two halves of a URL.
      const orgName = valueOf('OKTA_ORG_NAME');
      if (name !== 'orgUrl' || orgName === '') return undefined;
      const base = valueOf('OKTA_BASE_URL') || 'okta.com';
      return { value: `https://${orgName}.${base}`, from: `OKTA_ORG_NAME and OKTA_BASE_URL${where}` };
    },
    warnings,
  };
}

async function envFileLayer(path: string, folder: string): Promise<Layer> {
  const env = parseEnv(await readNamedFile(path, folder, `--env-file ${path}`)) as Environment;
  const hasSecret = containsSecret((names) => names.env.map((variable) => env[variable]));
  const warnings = hasSecret ? await permissionWarnings(resolve(folder, path)) : [];
  return environmentLayer(env, ` in ${path}`, warnings);
}

/** @param name - the name of the file in messages. */
async function yamlLayer(path: string, name: string): Promise<Layer | undefined> {
  let text: string;
  try {
    text = await readRegularFile(path, name);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return undefined;
    if (error instanceof SettingsError) throw error;
    throw new SettingsError(`${name} cannot be read (${codeOf(error)}).`, {
      hint: 'Give the user who runs this command permission to read it, or remove it.',
      cause: error,
    });
  }
  // Loaded only when the file exists: most machines have none.
  const { readOktaYaml } = await import('./okta-yaml.js');
  const { values, warnings } = readOktaYaml(text, name);
  const hasSecret = containsSecret((names) => names.yaml.map((key) => values.get(key)?.text));
  return {
    find(setting) {
      for (const key of SETTINGS[setting].yaml) {
        const value = values.get(key);
        if (value !== undefined) {
          return { value: value.text, from: `okta.client.${key} in ${name}, line ${value.line}` };
        }
      }
      return undefined;
    },
    warnings: hasSecret ? [...warnings, ...(await permissionWarnings(path))] : warnings,
  };
}

/** The path of a key file is not a secret, nor is the URL of a proxy without a password. */
function containsSecret(valuesOf: (names: SettingNames) => readonly (string | undefined)[]): boolean {
  return Object.entries<SettingNames>(SETTINGS).some(
    ([name, names]) =>
      names.isSecret &&
      valuesOf(names).some((value = '') => {
        if (name === 'privateKey') return isKeyText(value);
        return name === 'httpsProxy' ? value.includes('@') : value !== '';
      }),
  );
}
