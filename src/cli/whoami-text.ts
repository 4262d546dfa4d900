import { alignedLines } from './table.js';
import type { InspectedOrg } from '../settings/load.js';
import { escapeControlCharacters } from '../text.js';

/** Whether something that an import does is allowed; null when that cannot be known without doing it. */
export interface Right {
  readonly right: string;
  readonly isGranted: boolean | null;
  readonly because: string;
}

/** What `whoami` finds out, as `--json` prints it. */
export interface Whoami {
  readonly org: string | null;
  readonly settings: InspectedOrg['settings'];
  signIn: {
    readonly mode: 'SSWS' | 'Bearer' | 'PrivateKey' | null;
    readonly clientId: string | null;
    login: string | null;
    oktaId: string | null;
    /** Admin roles of the API token's owner; null where they are not shown to us. */
    roles: readonly string[] | null;
    /** OAuth scopes that the org granted; null where there are none or none are said. */
    scopes: readonly string[] | null;
  };
  readonly rights: Right[];
  /** Requests a minute, as the org's answers say. */
  readonly rateLimits: { readonly bucket: string; readonly limit: number }[];
  /** The org's clock minus this machine's; null before any answer. */
  clock: { readonly offsetMs: number; readonly uncertaintyMs: number } | null;
  problem: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

const MODES = {
  SSWS: 'an API token (SSWS)',
  Bearer: 'a ready access token (Bearer)',
  PrivateKey: "an app's private key (OAuth 2.0)",
} as const;

/** Below this nobody need know. */
const CLOCKS_AGREE_MS = 2000;

/** What `whoami` prints for people. @param share - of each rate limit, that a run would use. */
export function whoamiText(found: Whoami, share: number): string {
  const { org, signIn, settings, rights, rateLimits, clock, problem } = found;
  const lines = [`Org          ${org ?? (problem === null ? 'a sandbox inside this process' : 'not known')}`];
  if (signIn.mode !== null) lines.push(`Signing in   with ${MODES[signIn.mode]}`);
  if (signIn.clientId !== null) lines.push(`             as the app ${signIn.clientId}`);
  if (signIn.login !== null) lines.push(`             as ${signIn.login} (${signIn.oktaId})`);
  if (signIn.roles !== null) lines.push(`             Roles: ${signIn.roles.join(', ') || 'none'}`);
  if (signIn.scopes !== null) lines.push(`             Scopes granted: ${signIn.scopes.join(' ')}`);

  if (settings.length > 0) lines.push('', 'Settings');
  const table = alignedLines(settings.map(({ name, value, from }) => [name, value, from]));
  lines.push(...table.map((line) => `  ${line}`));
  if (rights.length > 0) lines.push('', 'Rights');
  for (const { right, isGranted, because } of rights) {
    const answer = isGranted === null ? 'unknown' : isGranted ? 'yes' : 'NO';
    lines.push(`  ${right.padEnd(18)} ${answer.padEnd(8)} ${because}`);
  }
  if (rateLimits.length > 0) {
    lines.push('', `Rate limits (a run would use ${Math.round(share * 100)}% of them)`);
  }
  for (const { bucket, limit } of rateLimits) {
    lines.push(`  ${bucket.padEnd(24)} ${String(limit).padStart(7)} requests a minute`);
  }
  if (clock !== null) lines.push('', `Clock        ${wordsOfClock(clock)}`);
  if (problem !== null) {
    lines.push('', 'Problem', ...problem.message.split('\n').map((line) => `  ${line}`));
    lines.push(`  ${problem.hint}`);
  }
  return lines.map(escapeControlCharacters).join('\n');
}

function wordsOfClock({ offsetMs, uncertaintyMs }: NonNullable<Whoami['clock']>): string {
  if (Math.abs(offsetMs) < CLOCKS_AGREE_MS) {
    return `this machine and the org agree (to ${(uncertaintyMs / 1000).toFixed(1)} s)`;
  }
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return `this machine is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} the org; runs go by the org's clock`;
}
