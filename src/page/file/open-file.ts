import { unwatchFile, watchFile } from 'node:fs';
import { basename, resolve } from 'node:path';

import { NotCsvError, SheetError } from '../../csv/errors.js';
import { openSource, type Source } from '../../csv/source.js';
import { OktaImportError } from '../../errors.js';
import { toCsvOptions } from '../../jobs/csv-options.js';
import { openInput, type InputScan } from '../../jobs/input.js';
import { CanceledError } from '../../rows/cancellation.js';
import { quoted } from '../../text.js';
import type { FileState, Reading } from '../api/file.js';
import type { Notice } from '../api/state.js';
import type { FileStep, OpenTable } from '../steps.js';

import { lookAt, NOTHING_FOUND, type Looks } from './file-state.js';
import { toNotice, withoutFlags } from './plain-words.js';

/** A file on this machine. */
export interface ChosenFile {
  readonly path: string;
  /** For people. */
  readonly name: string;
  /** A file that was dropped on the page is a copy, which nobody else changes. */
  readonly isCopy: boolean;
  /** When the user chose it. A large file can arrive later than a small one that was chosen after it. */
  readonly chosenAtMs: number;
}

interface OpenOptions {
  readonly version: string;
  /** The state has changed. */
  readonly onChange: () => void;
  /** The file on disk has changed, or is gone. */
  readonly onFileChanged: (notice: Notice) => void;
}

const WATCH_EVERY_MS = 1000;
const PROGRESS_EVERY_MS = 250;

/** The step File. */
export class OpenFile implements FileStep {
  readonly file: ChosenFile;
  #reading: Reading;
  /** That another sheet than the first is read. */
  #sheetNotice: Notice | undefined;
  readonly #options: OpenOptions;
  readonly #closing = new AbortController();
  readonly #onWatched: () => void;
  #sizeBytes = 0;
  #readBytes: number | undefined = 0;
  #scan: InputScan | undefined;
  #sha256: string | undefined;
  #looks: Looks = NOTHING_FOUND;
  #problem: Notice | undefined;
  #hasChanged = false;

  /** @param before - the same file as it was read before: it is shown until it is read again. */
  constructor(file: ChosenFile, reading: Reading, options: OpenOptions, before?: OpenFile) {
    if (before !== undefined) {
      this.#looks = before.#looks;
      this.#sizeBytes = before.#sizeBytes;
    }
    this.file = file;
    this.#reading = reading;
    this.#options = options;
    this.#onWatched = () => this.#fileChanged();
    if (!file.isCopy) {
      watchFile(file.path, { persistent: false, interval: WATCH_EVERY_MS }, this.#onWatched);
    }
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Reads the whole file once. What is wrong with it becomes the `problem` of the state. */
  async read(): Promise<void> {
    const { path } = this.file;
    let isForeign = false;
    try {
      this.#scan = await this.#scanSheet();
      this.#problem = hiddenRowsQuestion(this.#scan, this.#reading);
    } catch (error) {
      if (!(error instanceof OktaImportError)) throw error;
      if (error instanceof CanceledError || this.isClosed) return;
      this.#problem = toNotice(error);
      isForeign = error instanceof NotCsvError && Object.keys(this.#reading).length === 0;
    }
    this.#looks = isForeign ? NOTHING_FOUND : await this.#look(path);
    this.#readBytes = undefined;
  }

  /** If only one sheet looks like a list of people, there is nothing to decide. */
  async #scanSheet(): Promise<InputScan> {
    try {
      return await this.#scanFile();
    } catch (error) {
      const [sheet, ...others] = error instanceof SheetError ? error.sheetsOfPeople : [];
      if (sheet === undefined || others.length > 0) throw error;
      this.#reading = { ...this.#reading, sheet };
      this.#sheetNotice = sheetNotice(sheet);
      return this.#scanFile();
    }
  }

  async #scanFile(): Promise<InputScan> {
    const input = await openInput({ csv: this.file.path }, this.#closing.signal);
    this.#sizeBytes = input.file.sizeBytes;
    const timer = setInterval(() => {
      this.#readBytes = input.bytes()?.read ?? 0;
      this.#options.onChange();
    }, PROGRESS_EVERY_MS);
    try {
      const scan = await input.scan({
        options: toCsvOptions({ ...this.#reading, ignoreColumns: [] }),
        signal: this.#closing.signal,
        version: this.#options.version,
      });
      this.#sha256 = input.sha256;
      return scan;
    } finally {
      clearInterval(timer);
      await input.close();
    }
  }

  async #look(path: string): Promise<Looks> {
    let source: Source | undefined;
    try {
      source = await openSource(path, noBytes());
      this.#sizeBytes = source.sizeBytes;
      return await lookAt(source, this.#reading, this.#scan, this.#scan?.hidden.count ?? 0);
    } catch (error) {
      // Then the problem says all there is to say.
      if (this.#problem !== undefined) return NOTHING_FOUND;
      if (!(error instanceof OktaImportError)) throw error;
      this.#problem = toNotice(error);
      return NOTHING_FOUND;
    } finally {
      await source?.close();
    }
  }

  get table(): OpenTable | undefined {
    const scan = this.#scan;
    if (scan === undefined || this.#problem !== undefined || this.#readBytes !== undefined) return undefined;
    const { path, name } = this.file;
    const { found, header, columns, samples } = scan;
    return { path, name, sha256: this.#sha256, found, header, columns, samples, reading: this.#reading };
  }

  get state(): FileState {
    const { name, path, isCopy } = this.file;
    return {
      name,
      path: isCopy ? undefined : path,
      sizeBytes: this.#sizeBytes,
      readBytes: this.#readBytes,
      rows: this.#scan?.rows,
      columns: this.#scan?.header.length,
      reading: this.#reading,
      ...this.#looks,
      notices: [...(this.#sheetNotice ? [this.#sheetNotice] : []), ...noticesOf(this.#scan)],
      hasChanged: this.#hasChanged,
      problem: this.#problem,
    };
  }

  async close(): Promise<void> {
    unwatchFile(this.file.path, this.#onWatched);
    this.#closing.abort(new CanceledError('Another file is read.', 0));
  }

  #fileChanged(): void {
    this.#hasChanged = true;
    this.#options.onFileChanged({
      id: 'file-changed',
      severity: 'warning',
      message: `${this.file.name} has changed on disk since it was read.`,
      hint: 'The page still shows what it read before. In the step File, read the file again to continue with its new content.',
    });
  }
}

/** The file that was named on the command line. */
export function namedFile(path: string, chosenAtMs: number): ChosenFile {
  return { path: resolve(path), name: basename(path), isCopy: false, chosenAtMs };
}

function hiddenRowsQuestion({ hidden }: InputScan, { hiddenRows }: Reading): Notice | undefined {
  if (hidden.count === 0 || hiddenRows !== undefined) return undefined;
  return {
    id: 'hidden-rows',
    severity: 'warning',
    message: hidden.describe(() => undefined),
    hint: 'Choose below whether hidden rows are left out or imported as well.',
  };
}

function sheetNotice(sheet: string): Notice {
  return {
    id: 'sheet',
    severity: 'info',
    message: `The first sheet does not look like a list of people, so sheet ${quoted(sheet)} is read.`,
    hint: 'To read another sheet, choose it below.',
  };
}

function noticesOf(scan: InputScan | undefined): readonly Notice[] {
  const { notices = [], warnings = [] } = scan?.found ?? {};
  return [
    ...warnings.map((text) => ({ text, severity: 'warning' as const })),
    ...notices.map((text) => ({ text, severity: 'info' as const })),
  ].flatMap(({ text, severity }, index) => {
    const message = withoutFlags(text);
    return message === '' ? [] : [{ id: `reading-${index}`, severity, message }];
  });
}

async function* noBytes(): AsyncGenerator<Uint8Array, void> {}
