import { undoOperations } from '../engine/undo-operations.js';
import { readDescription, type PastRun } from '../journal/reader.js';
import { activationFolderOf } from '../journal/run-folder.js';
import { escapeControlCharacters, plural } from '../text.js';

/** How many users, and the first few logins. */
export interface LoginSample {
  readonly count: number;
  readonly logins: readonly string[];
}

/** What an undo cannot restore. */
export interface UndoLosses {
  /** Users whom the run deactivated: their passwords and factors are lost. */
  readonly credentials: LoginSample;
  /** Users whom the run activated: they cannot be staged again, and the activation email was sent. */
  readonly activated: LoginSample;
  /** Files with activation links or passwords of users whom the run created; both stop working when the users are deleted. */
  readonly linksFiles: readonly string[];
}

/** What the undo of a run cannot restore. @param folder - of the run. */
export async function lossesOf(past: PastRun, folder: string): Promise<UndoLosses> {
  const credentials = new Sample();
  const activated = new Sample();
  let hasCreated = false;
  for (const operation of undoOperations(past)) {
    if (operation.kind === 'remove') hasCreated = true;
    if (operation.kind !== 'restore') continue;
    if (operation.lifecycle?.step === 'deactivate') credentials.add(operation.login);
    if (operation.lifecycle?.step === 'activate') activated.add(operation.login);
  }
  return { credentials, activated, linksFiles: hasCreated ? await linksFilesOf(past, folder) : [] };
}

/** Of the run and of its activation. */
async function linksFilesOf({ description }: PastRun, folder: string): Promise<string[]> {
  const activation = await readDescription(activationFolderOf(folder)).catch(() => undefined);
  const files = [description, activation].flatMap((each) => each?.settings.links ?? []);
  return [...new Set(files)];
}

/** One sentence for each kind of loss. */
export function lossTexts({ credentials, activated, linksFiles }: UndoLosses): string[] {
  const texts: string[] = [];
  if (credentials.count > 0) {
    texts.push(
      `Cannot be restored: the passwords and factors of ${plural(credentials.count, 'user')} whom the run deactivated (${sampleText(credentials)}).`,
    );
  }
  if (activated.count > 0) {
    texts.push(
      `Cannot be restored: the staged state of ${plural(activated.count, 'user')} whom the run activated, and activation emails that were sent (${sampleText(activated)}).`,
    );
  }
  for (const file of linksFiles) {
    texts.push(
      `The activation links and passwords of deleted users in ${escapeControlCharacters(file)} stop working, including those in printed letters.`,
    );
  }
  return texts;
}

/** The first few logins, and how many more there are. */
export function sampleText({ count, logins }: LoginSample): string {
  const more = count - logins.length;
  return escapeControlCharacters(logins.join(', ')) + (more === 0 ? '' : `, and ${more} more`);
}

const SAMPLE_SIZE = 5;

/** Collects a sample. */
export class Sample implements LoginSample {
  count = 0;
  readonly logins: string[] = [];

  add(login: string): void {
    this.count += 1;
    if (this.logins.length < SAMPLE_SIZE) this.logins.push(login);
  }
}
