import type { InspectedOrg } from '../settings/load.js';
import { escapeControlCharacters } from '../text.js';

import { alignColumns } from './table.js';

/** Whether the sign-in may do something that an import does. The names of the fields are a contract of `--json`. */
export interface Right {
  readonly right: string;
  /** Null if it cannot be known without doing it. */
  readonly isGranted: boolean | null;
  readonly because: string;
}

/** What `whoami --json` prints. */
export interface Whoami {
  readonly org: string | null;
  readonly settings: InspectedOrg['settings'];
  signIn: {
    readonly mode: 'SSWS' | 'Bearer' | 'PrivateKey' | null;
    readonly clientId: string | null;
    login: string | null;
    oktaId: string | null;
    /** Admin roles of the API token's owner; null if the sign-in may not read them. */
    roles: readonly string[] | null;
    /** OAuth scopes that the org granted; null if unknown. */
    scopes: readonly string[] | null;
  };
  readonly rights: Right[];
  /** Requests per minute, from the org's response headers. */
  readonly rateLimits: { readonly bucket: string; readonly limit: number }[];
  /** The org's clock minus this machine's; null without a response. */
  clock: { readonly offsetMs: number; readonly uncertaintyMs: number } | null;
  problem: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

const MODES = {
  SSWS: 'API token (SSWS)',
  Bearer: 'access token (Bearer)',
  PrivateKey: 'private key of a service app (OAuth 2.0)',
} as const;

/** A smaller clock offset does not matter. */
const MAX_SYNCED_OFFSET_MS = 2000;

/** The output of `whoami` as text. @param share - the share of each rate limit that a run may use. */
export function whoamiText(whoami: Whoami, share: number): string {
  const { org, signIn, settings, rights, rateLimits, clock, problem } = whoami;
  const lines = [`Org          ${org ?? (problem === null ? 'built-in sandbox' : 'unknown')}`];
  if (signIn.mode !== null) lines.push(`Sign-in      ${MODES[signIn.mode]}`);
  if (signIn.clientId !== null) lines.push(`             Client ID: ${signIn.clientId}`);
  if (signIn.login !== null) lines.push(`             User: ${signIn.login} (${signIn.oktaId})`);
  if (signIn.roles !== null) lines.push(`             Roles: ${signIn.roles.join(', ') || 'none'}`);
  if (signIn.scopes !== null) lines.push(`             Granted scopes: ${signIn.scopes.join(' ')}`);

  if (settings.length > 0) lines.push('', 'Settings');
  const table = alignColumns(settings.map(({ name, value, from }) => [name, value, from]));
  lines.push(...table.map((line) => `  ${line}`));
  if (rights.length > 0) lines.push('', 'Permissions');
  for (const { right, isGranted, because } of rights) {
    const answer = isGranted === null ? 'unknown' : isGranted ? 'yes' : 'NO';
    lines.push(`  ${right.padEnd(18)} ${answer.padEnd(8)} ${because}`);
  }
  if (rateLimits.length > 0) {
    lines.push('', `Rate limits (a run uses up to ${Math.round(share * 100)}%)`);
  }
  for (const { bucket, limit } of rateLimits) {
    lines.push(`  ${bucket.padEnd(24)} ${String(limit).padStart(7)} requests per minute`);
  }
  if (clock !== null) lines.push('', `Clock        ${clockText(clock)}`);
  if (problem !== null) {
    lines.push('', 'Problem', ...problem.message.split('\n').map((line) => `  ${line}`));
    lines.push(`  ${problem.hint}`);
  }
  return lines.map(escapeControlCharacters).join('\n');
}

function clockText({ offsetMs, uncertaintyMs }: NonNullable<Whoami['clock']>): string {
  if (Math.abs(offsetMs) < MAX_SYNCED_OFFSET_MS) {
    return `in sync with the org (within ${(uncertaintyMs / 1000).toFixed(1)} s)`;
  }
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return `${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} the org; runs use the org's clock`;
}
