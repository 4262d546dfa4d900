import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { onTestFinished, vi } from 'vitest';

import { SettingsError } from '../../src/settings/error.js';
import type { Environment } from '../../src/settings/layers.js';
import { loadOrg, type OrgConnection, type OrgFlags } from '../../src/settings/load.js';

export const NEEDS = {
  required: ['okta.users.read'],
  optional: ['okta.groups.read'],
  ifNamed: ['okta.realms.read'],
};
export const TOKEN = 'not-a-real-token';

/** A machine with these files; `~` is the home folder. */
export function machine(files: Readonly<Record<string, string>> = {}, mode = 0o600): Environment {
  const root = mkdtempSync(join(tmpdir(), 'okta-settings-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const home = join(root, 'home');
  const work = join(root, 'work');
  mkdirSync(work);
  for (const [name, text] of Object.entries(files)) {
    const path = name.startsWith('~/') ? join(home, name.slice(2)) : join(work, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  }
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue(work);
  onTestFinished(() => cwd.mockRestore());
  return { HOME: home };
}

export async function load(env: Environment, flags: OrgFlags = {}): Promise<OrgConnection> {
  const org = await loadOrg(flags, env, NEEDS);
  if (org.kind !== 'org') throw new Error('This is a sandbox.');
  return org;
}

export async function problemOf(env: Environment, flags: OrgFlags = {}): Promise<SettingsError> {
  try {
    await load(env, flags);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('The settings were accepted.');
}

export const yaml = (client: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ okta: { client } });
