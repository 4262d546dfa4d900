import { resolve } from 'node:path';

import { passwordLength } from '../engine/generate-password.js';
import type { LinkRecipient } from '../engine/keep-link.js';
import { OktaImportError } from '../errors.js';
import { readLetterTemplate } from '../letters/letter-template.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import { LettersFile, LettersFileError, type LetterFormat } from '../letters/letters-file.js';
import { lettersHtml } from '../letters/letters-html.js';
import { linksCsv } from '../letters/links-csv.js';
import type { OktaClient } from '../okta/client.js';
import { readOrgBrand } from '../org/org-brand.js';
import { readPasswordRules, type PasswordRules } from '../org/password-policies.js';
import type { ProfileValue } from '../okta/types.js';
import type { CreateOperation } from '../rows/operation.js';
import { plural, quoted } from '../text.js';

import type { JobContext } from './job.js';
import { DEFAULT_LINK_DAYS, type ImportOptions } from './options.js';
import { RunLocks } from './run-locks.js';
import type { Resources } from './resources.js';

/** Where activation links go, instead of into mails. */
export interface LinksOptions {
  /** Path of the file: `.csv` for one row a person, `.html` for one printable page a person. An existing one is continued. */
  readonly file: string;
  /** Liquid template of the letters (`.html` only). */
  readonly letter?: string | undefined;
  /** What the letters must show; default: the link. */
  readonly shows?: 'link' | 'password' | undefined;
  /** How long a link is valid, by the settings of the org; default 7, which is Okta's default. */
  readonly validDays?: number | undefined;
}

const DAY_MS = 86_400_000;

/** A mapping asks for passwords that no one would get to know, or that could not be used. */
export class GeneratedPasswordsError extends OktaImportError {
  override readonly code = 'ERR_GENERATED_PASSWORDS';
}

/** Whether the mapping asks for passwords to be generated. */
export function generatesPasswords(mappingFile: MappingFile | undefined): boolean {
  return mappingFile?.fields.some(({ source }) => source.kind === 'generated') === true;
}

/** @throws {GeneratedPasswordsError} the import would generate passwords without a file for them, or for staged users. */
export function assertPasswordsHaveFile(
  mappingFile: MappingFile | undefined,
  { links, activate }: Pick<ImportOptions, 'links' | 'activate'>,
): void {
  if (!generatesPasswords(mappingFile)) return;
  if (activate === false) {
    throw new GeneratedPasswordsError('Passwords are only generated for users who are created active.', {
      hint: 'Leave out --no-activate, or remove generate from the mapping.',
    });
  }
  if (links !== undefined) return;
  throw new GeneratedPasswordsError('The mapping generates passwords, which are written to a file only.', {
    hint: 'Name the file: --links letters.html for pages to print, or --links links.csv for a mail merge.',
  });
}

/** Counts in a dry run what would be written to the file. */
export class FirstSignInCounter {
  readonly #counts = { password: 0, link: 0, note: 0 };

  add({ firstSignIn }: Pick<CreateOperation, 'firstSignIn'>): void {
    if (firstSignIn !== undefined) this.#counts[firstSignIn.kind] += 1;
  }

  notice({ observer }: Pick<JobContext, 'observer'>): void {
    const { password, link } = this.#counts;
    if (password > 0) {
      observer?.notice?.(
        `${plural(password, 'password')} would be generated and written to the file given with --links.`,
      );
    }
    if (link > 0) {
      observer?.notice?.(
        `${plural(link, 'activation link')} would be written to the file given with --links.`,
      );
    }
  }
}

/** Requirements of the org for generated passwords; undefined if none are generated, or if the policies cannot be read. */
async function passwordRules(
  mappingFile: MappingFile | undefined,
  client: OktaClient,
  { observer, cancellation }: JobContext,
): Promise<PasswordRules | undefined> {
  const source = mappingFile?.fields.map((field) => field.source).find(({ kind }) => kind === 'generated');
  if (source?.kind !== 'generated') return undefined;
  const rules = await readPasswordRules(client, cancellation.signal);
  const length = passwordLength(source.length, rules);
  if (rules === undefined) {
    observer?.notice?.(
      `Cannot read the password policies of the org (an app needs the scope okta.policies.read). Generated passwords have ${length} characters of all four kinds; if a policy requires more, Okta rejects the row.`,
    );
  } else if (length > source.length) {
    const { longestPolicy, minLength } = rules;
    const why =
      length === minLength && longestPolicy !== undefined
        ? `required by the password policy ${quoted(longestPolicy)}`
        : 'required by the password policies of the org';
    observer?.notice?.(
      `Generated passwords have ${length} characters instead of ${source.length}, as ${why}.`,
    );
  }
  return rules;
}

/**
 * Opens the file of an import or a sync, if it has one, until the run ends.
 *
 * @param run.runId - for others who find the file in use; any name, if the run has no ID yet.
 */
export async function openRunLinks(
  { links: file, letter, linkDays }: Pick<ImportOptions, 'links' | 'letter' | 'linkDays'>,
  {
    client,
    runId,
    mappingFile,
    hasCreated = false,
  }: {
    readonly client: OktaClient;
    readonly runId: string;
    /** Whether an earlier process of the run has created users. */
    readonly hasCreated?: boolean;
    readonly mappingFile: MappingFile | undefined;
  },
  context: JobContext,
  resources: Resources,
): Promise<LinkRecipient | undefined> {
  if (file === undefined) return undefined;
  const startedAt = new Date(context.clock.now()).toISOString();
  const locks = resources.add(new RunLocks(context, { runId, startedAt }));
  const shows = generatesPasswords(mappingFile) ? 'password' : 'link';
  const options = { file, letter, shows, validDays: linkDays } as const;
  const recipient = resources.add(await openLinks(options, { client, locks }, context));
  if (recipient.isNew && hasCreated) {
    context.observer?.notice?.(`${file} is new: people whom the run created before are not in it.`);
  }
  return { ...recipient, passwordRules: await passwordRules(mappingFile, client, context) };
}

/**
 * Opens the file of links, and locks it. When it is closed, however the run ends, the observer is told what was written.
 *
 * @throws {LettersFileError} the file or its template cannot be used.
 * @throws {LockedError} another process writes to the file.
 */
export async function openLinks(
  { file, letter, shows, validDays = DEFAULT_LINK_DAYS }: LinksOptions,
  { client, locks }: { readonly client: OktaClient; readonly locks: RunLocks },
  { clock, cancellation, observer }: Pick<JobContext, 'clock' | 'cancellation' | 'observer'>,
): Promise<LinkRecipient & { readonly isNew: boolean; close(): Promise<void> }> {
  const path = resolve(file);
  await locks.take(`${path}.lock`, `The file ${path}`);
  const letters = await LettersFile.open(
    path,
    await formatOf({ file: path, letter, shows }, client, cancellation.signal),
  );
  const written = { passwords: 0, links: 0 };
  const before = letters.size;
  return {
    isNew: letters.isNew,
    openedAtMs: clock.now(),
    has: (oktaId) => letters.has(oktaId),
    async add({ oktaId, profile }, { link, password }) {
      await letters.add({
        oktaId,
        login: text(profile['login']),
        firstName: text(profile['firstName']),
        lastName: text(profile['lastName']),
        email: text(profile['email']),
        language: text(profile['preferredLanguage']) || text(profile['locale']) || undefined,
        link: link?.url,
        password,
        expiresAtMs: link && clock.now() + validDays * DAY_MS,
      });
      if (password !== undefined) written.passwords += 1;
      if (link !== undefined) written.links += 1;
    },
    async close() {
      await letters.close();
      const notice = writtenNotice(file, written, before);
      if (notice !== undefined) observer?.notice?.(notice);
    },
  };
}

/** The users in the file of links, for a plan. Checks the file and its template as `openLinks` does, and changes nothing. @throws {LettersFileError} */
export async function readLinks(
  { file, letter, shows }: LinksOptions,
  { client, signal }: { readonly client: OktaClient; readonly signal: AbortSignal },
): Promise<Pick<LinkRecipient, 'has'>> {
  const path = resolve(file);
  return LettersFile.idsIn(path, await formatOf({ file: path, letter, shows }, client, signal));
}

function writtenNotice(
  file: string,
  { passwords, links }: { readonly passwords: number; readonly links: number },
  before: number,
): string | undefined {
  const counts = [
    ...(passwords > 0 ? [plural(passwords, 'password')] : []),
    ...(links > 0 ? [plural(links, 'activation link')] : []),
  ];
  if (counts.length === 0) return undefined;
  const earlier = before === 0 ? '' : `, which already listed ${plural(before, 'person', 'people')}`;
  return `${counts.join(' and ')} written to ${file}${earlier}. Whoever has the file can sign in: delete it when it has been used.`;
}

async function formatOf(
  { file, letter, shows }: Pick<LinksOptions, 'file' | 'letter' | 'shows'>,
  client: OktaClient,
  signal: AbortSignal,
): Promise<LetterFormat> {
  if (/\.csv$/i.test(file) && letter === undefined) return linksCsv;
  if (/\.html?$/i.test(file)) {
    const org = await readOrgBrand(client, signal);
    return lettersHtml(await readLetterTemplate({ path: letter, org, shows }), `Letters of ${org.name}`);
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
