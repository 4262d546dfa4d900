import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';

import type { Clock } from '../../clock.js';
import { hasProcess } from '../../journal/lock-holder.js';
import { createPrivateFile, createPrivateFolder } from '../../private-file.js';
import { messageOf } from '../../text.js';
import { PageRequestError } from '../page-error.js';

/** Of the folder in the temporary folder; followed by the process ID. */
const PREFIX = 'okta-csv-import-page-';
/** Another container may have the same temporary folder and other process IDs: what is younger may be in use there. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** The files that were dropped on the page, until the page ends. Nobody else on this machine can read them. */
export class Uploads {
  readonly #clock: Pick<Clock, 'now'>;
  #folder: Promise<string> | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /**
   * Stores a file as it arrives.
   *
   * @param name - as the browser gave it.
   * @returns its path, which ends with the name as far as file systems allow it.
   * @throws {PageRequestError} the transfer was broken off, or the disk is full.
   */
  async store(name: string, content: IncomingMessage): Promise<string> {
    let folder: string | undefined;
    try {
      this.#folder ??= createFolder(this.#clock.now());
      folder = join(await this.#folder, randomUUID());
      await createPrivateFolder(folder);
      const path = join(folder, safeName(name));
      const file = await createPrivateFile(path);
      try {
        for await (const chunk of content.iterator({ destroyOnReturn: false })) {
          await file.writeFile(chunk as Uint8Array);
        }
      } finally {
        await file.close();
      }
      return path;
    } catch (error) {
      // A browser reads the response only when it has sent everything.
      content.resume();
      await finished(content).catch(() => {});
      if (folder === undefined) this.#folder = undefined;
      else await rm(folder, { recursive: true, force: true });
      throw new PageRequestError(`The file could not be received: ${messageOf(error)}.`, {
        hint: 'Choose the file again. If the disk is full, start okta-csv-import ui with the name of the file instead.',
      });
    }
  }

  /** Removes a file that is not opened. */
  async discard(path: string): Promise<void> {
    await rm(dirname(path), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function createFolder(nowMs: number): Promise<string> {
  await removeAbandoned(nowMs).catch(() => {});
  // Node creates it for its owner only.
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** Removes the folders of processes that were killed: they hold personal data. */
async function removeAbandoned(nowMs: number): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
    if (pid === undefined || hasProcess(Number(pid))) continue;
    const path = join(tmpdir(), name);
    const { mtimeMs, uid } = await lstat(path);
    const isOwn = process.getuid === undefined || uid === process.getuid();
    if (isOwn && nowMs - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Most file systems take 255 bytes. */
const MAX_NAME_BYTES = 200;

/** A name without what file systems do not take. */
export function safeName(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cs}/\\:*?"<>|]/gu, '_').replace(/[. ]+$/, '');
  if (plain === '') return 'file';
  // The extension is kept, because it is what people recognize.
  const extension = /(?:\.[^.]{1,10}){0,2}$/.exec(plain)?.[0] ?? '';
  const base = Buffer.from(plain.slice(0, plain.length - extension.length));
  const room = MAX_NAME_BYTES - Buffer.byteLength(extension);
  if (base.length <= room) return plain;
  // A character that is cut in two is left out.
  return (
    base
      .subarray(0, room)
      .toString('utf8')
      .replace(/\uFFFD$/, '') + extension
  );
}
