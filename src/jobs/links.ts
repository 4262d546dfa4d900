import type { LinkRecipient } from '../engine/keep-link.js';
import { readLetterTemplate } from '../letters/letter-template.js';
import { LettersFile, LettersFileError, type LetterFormat } from '../letters/letters-file.js';
import { lettersHtml } from '../letters/letters-html.js';
import { linksCsv } from '../letters/links-csv.js';
import type { OktaClient } from '../okta/client.js';
import { readOrgBrand } from '../org/org-brand.js';
import type { ProfileValue } from '../okta/types.js';

import type { JobContext } from './job.js';
import type { RunLocks } from './run-locks.js';

/** Where activation links go, instead of into mails. */
export interface LinksOptions {
  /** Path of the file: `.csv` for one row a person, `.html` for one printable page a person. An existing one is continued. */
  readonly file: string;
  /** Liquid template of the letters (`.html` only). */
  readonly letter?: string | undefined;
  /** How long a link is valid, by the settings of the org; default 7, which is Okta's default. */
  readonly validDays?: number | undefined;
}

const DAY_MS = 86_400_000;
/** Okta's default; Security > General of the Admin Console shows the org's own. */
const DEFAULT_VALID_DAYS = 7;

/**
 * Opens the file of links, and locks it.
 *
 * @throws {LettersFileError} the file or its template cannot be used.
 * @throws {LockedError} another process writes to the file.
 */
export async function openLinks(
  { file, letter, validDays = DEFAULT_VALID_DAYS }: LinksOptions,
  { client, locks }: { readonly client: OktaClient; readonly locks: RunLocks },
  { clock, cancellation }: Pick<JobContext, 'clock' | 'cancellation'>,
): Promise<LinkRecipient & { close(): Promise<void> }> {
  await locks.take(`${file}.lock`, `The file ${file}`);
  const letters = await LettersFile.open(file, await formatOf(file, letter, client, cancellation.signal));
  return {
    has: (oktaId) => letters.has(oktaId),
    add: ({ oktaId, profile }, link) =>
      letters.add({
        oktaId,
        login: text(profile['login']),
        firstName: text(profile['firstName']),
        lastName: text(profile['lastName']),
        email: text(profile['email']),
        language: text(profile['preferredLanguage']) || text(profile['locale']) || undefined,
        link: link?.url,
        password: undefined,
        expiresAtMs: link && clock.now() + validDays * DAY_MS,
      }),
    close: () => letters.close(),
  };
}

async function formatOf(
  file: string,
  letter: string | undefined,
  client: OktaClient,
  signal: AbortSignal,
): Promise<LetterFormat> {
  if (/\.csv$/i.test(file) && letter === undefined) return linksCsv;
  if (/\.html?$/i.test(file)) {
    const org = await readOrgBrand(client, signal);
    return lettersHtml(await readLetterTemplate({ path: letter, org }), `Letters of ${org.name}`);
  }
  throw new LettersFileError(
    letter === undefined
      ? `${file} is neither a .csv nor an .html file.`
      : 'Only letters (.html) have a template.',
    { hint: 'Use --links links.csv for a mail merge, or --links letters.html for pages to print.' },
  );
}

function text(value: ProfileValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
