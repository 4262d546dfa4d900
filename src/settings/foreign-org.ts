import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

import type { FoundSetting, SettingLayers } from './layers.js';
import { LOOPBACK, oktaDomainOf } from './org-url.js';
import { isKeyText, type SettingName } from './setting-names.js';

/** A host that only a file in the current folder names, and that would get credentials from elsewhere. */
export interface ForeignOrg {
  readonly host: string;
  readonly orgUrl: string;
  /** The setting that names the host, and one that provides credentials. */
  readonly orgFrom: string;
  readonly credentialsFrom: string;
}

/** Decides whether the credentials may be sent to such a host. */
export type ConfirmOrg = (org: ForeignOrg) => Promise<boolean>;

const CREDENTIALS = [
  'token',
  'tokenFile',
  'accessToken',
  'privateKey',
] as const satisfies readonly SettingName[];

/**
 * Finds out whether whoever can write to the current folder decides where credentials are sent that are not in that folder: an
 * okta.yaml may come with a download, and confirms its own custom domain. Hosts of Okta give no credentials away.
 *
 * @param orgUrl - the org's origin.
 */
export async function findForeignOrg(orgUrl: string, layers: SettingLayers): Promise<ForeignOrg | undefined> {
  const org = layers.find('orgUrl');
  const { hostname: host } = new URL(orgUrl);
  if (org?.isFromFolder !== true || oktaDomainOf(host) !== undefined) return undefined;
  // A file in the home folder is hardly another user's, who could only listen there.
  if (layers.isHomeFolder && LOOPBACK.test(host)) return undefined;
  const confirmed = layers.find('customDomain');
  if (confirmed?.isFromFolder === false && confirmed.value.toLowerCase() === host) return undefined;
  for (const name of CREDENTIALS) {
    const found = findCredential(name, layers);
    const isBesideOrg =
      found === undefined || (found.isFromFolder && (await isInFolder(name, found, layers.folder)));
    if (!isBesideOrg) return { host, orgUrl, orgFrom: org.from, credentialsFrom: found.from };
  }
  return undefined;
}

function findCredential(name: (typeof CREDENTIALS)[number], layers: SettingLayers): FoundSetting | undefined {
  if (name === 'tokenFile') return layers.find(name);
  const found = layers.findSecret(name);
  return found && { ...found, value: found.value.reveal() };
}

/** Whether the credential itself is in the folder: the path of a file can lead anywhere, also through a link. */
async function isInFolder(name: SettingName, { value }: FoundSetting, folder: string): Promise<boolean> {
  const isPath = name === 'tokenFile' || (name === 'privateKey' && !isKeyText(value));
  if (!isPath) return true;
  try {
    const [file, root] = await Promise.all([realpath(resolve(folder, value)), realpath(folder)]);
    return file.startsWith(root.endsWith(sep) ? root : root + sep);
  } catch {
    // A file that does not exist gives nothing away, and has a message of its own.
    return true;
  }
}
