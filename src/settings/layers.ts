import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { parseEnv } from 'node:util';

import { Secret } from '../secret.js';

import { SettingsError } from './error.js';
import {
  isKeyText,
  SETTINGS,
  type SecretName,
  type SettingName,
  type SettingNames,
} from './setting-names.js';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the files of the settings are looked for. */
export interface SettingLocations {
  /** Environment file that was named with `--env-file`. */
  readonly envFile?: string | undefined;
  /** Default: the current directory. */
  readonly folder?: string | undefined;
  /** Default: `HOME`. */
  readonly home?: string | undefined;
}

/** One setting as it was found. */
export interface FoundSetting<Value = string> {
  readonly value: Value;
  /** For people: `OKTA_CLIENT_TOKEN`, `okta.client.token in ./okta.yaml, line 4`. */
  readonly from: string;
  /** 0 is the strongest: flags, environment, environment file, ./okta.yaml, ~/.okta/okta.yaml. */
  readonly layer: number;
}

/** Everything that was said about the org, before anybody asks what it means. */
export interface SettingLayers {
  readonly folder: string;
  find(name: Exclude<SettingName, SecretName>): FoundSetting | undefined;
  findSecret(name: SecretName): FoundSetting<Secret> | undefined;
  readonly warnings: readonly string[];
}

interface Layer {
  readonly find: (name: SettingName) => Omit<FoundSetting, 'layer'> | undefined;
  readonly warnings: readonly string[];
}

/**
 * Gathers the settings in the order of Okta's SDKs: flags, then the environment, then an environment file if one was
 * named, then `./okta.yaml` (or `./.okta.yaml`), then `~/.okta/okta.yaml`. Empty values count as not set.
 *
 * @param flags - by the name of the setting.
 * @throws {SettingsError} a file cannot be read.
 */
export async function readSettingLayers(
  flags: Partial<Record<SettingName, string | undefined>>,
  env: Environment,
  places: SettingLocations = {},
): Promise<SettingLayers> {
  const folder = places.folder ?? process.cwd();
  const home = places.home ?? env['HOME'] ?? homedir();
  const layers: Layer[] = [flagLayer(flags), environmentLayer(env, '')];
  if (places.envFile !== undefined) layers.push(await envFileLayer(places.envFile, folder));
  for (const path of [
    join(folder, 'okta.yaml'),
    join(folder, '.okta.yaml'),
    join(home, '.okta', 'okta.yaml'),
  ]) {
    const layer = await yamlLayer(path, { folder, home });
    if (layer !== undefined) layers.push(layer);
  }
  const find = (name: SettingName): FoundSetting | undefined => {
    for (const [index, layer] of layers.entries()) {
      const found = layer.find(name);
      if (found !== undefined) return { ...found, layer: index };
    }
    return undefined;
  };
  return {
    folder,
    find,
    findSecret(name) {
      const found = find(name);
      return found && { ...found, value: new Secret(found.value) };
    },
    warnings: layers.flatMap(({ warnings }) => warnings),
  };
}

/** A secret's own file, such as a key. @returns its text, and a warning when others may read it. */
export async function readSecretFile(
  path: string,
  { folder, from }: { readonly folder: string; readonly from: string },
): Promise<{ readonly secret: Secret; readonly warnings: readonly string[] }> {
  const full = isAbsolute(path) ? path : join(folder, path);
  const text = await readFile(full, 'utf8').catch((error: unknown) => {
    throw new SettingsError(`${from} names the file ${path}, which cannot be read (${codeOf(error)}).`, {
      hint: 'Correct the path, or let the user who runs this read the file.',
      cause: error,
    });
  });
  return { secret: new Secret(text.trim()), warnings: await warningsOfMode(full, path) };
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

/** @param where - what follows the variable's name in words about it. */
function environmentLayer(env: Environment, where: string, warnings: readonly string[] = []): Layer {
  const valueOf = (variable: string): string => env[variable]?.trim() ?? '';
  return {
    find(name) {
      for (const variable of SETTINGS[name].env) {
        const value = valueOf(variable);
        if (value !== '') return { value, from: `${variable}${where}` };
      }
      // Terraform's two halves of an address.
      const orgName = valueOf('OKTA_ORG_NAME');
      if (name !== 'orgUrl' || orgName === '') return undefined;
      const base = valueOf('OKTA_BASE_URL') || 'okta.com';
      return { value: `https://${orgName}.${base}`, from: `OKTA_ORG_NAME and OKTA_BASE_URL${where}` };
    },
    warnings,
  };
}

async function envFileLayer(path: string, folder: string): Promise<Layer> {
  const full = isAbsolute(path) ? path : join(folder, path);
  const text = await readFile(full, 'utf8').catch((error: unknown) => {
    throw new SettingsError(`--env-file ${path} cannot be read (${codeOf(error)}).`, {
      hint: 'Correct the path, or let the user who runs this read the file.',
      cause: error,
    });
  });
  const env = parseEnv(text) as Environment;
  const isSecret = holdsSecret((names) => names.env.map((variable) => env[variable]));
  return environmentLayer(env, ` in ${path}`, isSecret ? await warningsOfMode(full, path) : []);
}

async function yamlLayer(
  path: string,
  { folder, home }: { folder: string; home: string },
): Promise<Layer | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw new SettingsError(`${path} cannot be read (${codeOf(error)}).`, {
      hint: 'Let the user who runs this read it, or take it away.',
      cause: error,
    });
  }
  const name = path.startsWith(join(home, '.okta'))
    ? `~/${relative(home, path)}`
    : `./${relative(folder, path)}`;
  // Loaded only when there is one: most machines have none.
  const { readOktaYaml } = await import('./okta-yaml.js');
  const { values, warnings } = readOktaYaml(text, name);
  const isSecret = holdsSecret((names) => names.yaml.map((key) => values.get(key)?.text));
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
    warnings: isSecret ? [...warnings, ...(await warningsOfMode(path, name))] : warnings,
  };
}

/** The path of a key's file is none, nor is a proxy's address without a password. */
function holdsSecret(valuesOf: (names: SettingNames) => readonly (string | undefined)[]): boolean {
  return Object.entries<SettingNames>(SETTINGS).some(
    ([name, names]) =>
      names.isSecret &&
      valuesOf(names).some((value = '') =>
        name === 'privateKey' ? isKeyText(value) : name === 'httpsProxy' ? value.includes('@') : value !== '',
      ),
  );
}

/** Windows has no such bits. */
async function warningsOfMode(path: string, name: string): Promise<string[]> {
  if (process.platform === 'win32') return [];
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return [];
  const who = (mode & 0o007) === 0 ? 'its group' : 'everyone on this machine';
  return [`${name} holds a secret and is open to ${who}. Close it: chmod 600 ${name}`];
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
