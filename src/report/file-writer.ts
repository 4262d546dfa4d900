import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

import { createPrivateFileSync } from '../private-file.js';

import { ReportError } from './report-error.js';

/** Writes one file of a report, for its owner only. */
export class FileWriter {
  readonly #path: string;
  /** Undefined when the file could not be created. */
  readonly #stream: WriteStream | undefined;
  #error: unknown;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#stream = createWriteStream(path, { fd: createPrivateFileSync(path) });
      this.#stream.on('error', (error) => (this.#error ??= error));
    } catch (error) {
      this.#error = error;
    }
  }

  /** @throws {ReportError} also for an error of an earlier call. */
  async write(block: string | Uint8Array): Promise<void> {
    if (this.#error !== undefined) throw new ReportError(this.#path, this.#error);
    if (this.#stream === undefined || this.#stream.write(block)) return;
    try {
      await once(this.#stream, 'drain');
    } catch (error) {
      throw new ReportError(this.#path, error);
    }
  }

  /** @throws {ReportError} */
  async close(): Promise<void> {
    if (this.#error !== undefined) throw new ReportError(this.#path, this.#error);
    try {
      this.#stream?.end();
      if (this.#stream !== undefined) await finished(this.#stream);
    } catch (error) {
      throw new ReportError(this.#path, error);
    }
  }
}
