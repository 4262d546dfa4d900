// The folder of the benches, with their input files and run folders.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeBodies, writePeople } from './people.mjs';

export class Workplace {
  #folder;
  #files = new Map();

  static async open() {
    const workplace = new Workplace();
    workplace.#folder = await mkdtemp(join(tmpdir(), 'okta-csv-import-bench-'));
    return workplace;
  }

  /** A CSV with this many people. */
  people(rows) {
    return this.#once(`people-${rows}.csv`, (path) => writePeople(path, rows));
  }

  /** The bodies that an import of those people sends, one per line. */
  bodies(rows) {
    return this.#once(`bodies-${rows}.ndjson`, async (path) => writeBodies(await this.people(rows), path));
  }

  /** A folder for the runs of one bench. */
  reports() {
    return mkdtemp(join(this.#folder, 'reports-'));
  }

  async close() {
    await rm(this.#folder, { recursive: true });
  }

  async #once(name, write) {
    const path = join(this.#folder, name);
    const written = this.#files.get(name) ?? write(path);
    this.#files.set(name, written);
    await written;
    return path;
  }
}
