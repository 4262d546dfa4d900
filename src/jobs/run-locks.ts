import { importLockPaths } from '../journal/import-lock-paths.js';
import { clocks, takeLock, type Lock } from '../journal/lock-file.js';
import type { RunDescription } from '../journal/journal-line.js';

import type { JobContext } from './job.js';

/** The locks that one process holds on a run and what it is about. When one is lost, the job fails. */
export class RunLocks {
  readonly #context: Pick<JobContext, 'observer' | 'cancellation'>;
  readonly #holder: { readonly runId: string; readonly startedAt: string };
  readonly #locks: Lock[] = [];
  readonly #dead = new Set<string>();

  /** @param holder - for those who find a lock taken. */
  constructor(
    context: Pick<JobContext, 'observer' | 'cancellation'>,
    holder: { readonly runId: string; readonly startedAt: string },
  ) {
    this.#context = context;
    this.#holder = holder;
  }

  /** @throws {LockedError | LockFileError} */
  async take(path: string, subject: string): Promise<void> {
    const { observer, cancellation } = this.#context;
    const lock = await takeLock(path, {
      ...this.#holder,
      subject,
      signal: cancellation.signal,
      dead: this.#dead,
      onLost: cancellation.fail,
      onWait: ({ pid, host, runId }, ms) =>
        observer?.notice?.(
          `Checking for ${Math.ceil(ms / 1000)} s whether process ${pid} on ${host} (run ${runId}) still works on it: ${path}`,
        ),
    });
    this.#locks.push(lock);
  }

  /** Takes the locks of the file of an import for the org. Records have no file. @throws {LockedError | LockFileError} */
  async takeImport({ file, org }: Pick<RunDescription, 'file' | 'org'>, reports: string): Promise<void> {
    if (file.sha256 === '') return;
    for (const path of await importLockPaths(org, file.sha256, reports)) {
      await this.take(path, `${file.name} for ${org}`);
    }
  }

  /** Cheap enough to be called before every write. @throws {LockLostError} */
  readonly assertHeld = (): void => {
    const now = clocks();
    for (const lock of this.#locks) lock.assertHeld(now);
  };

  /** Fails the job when a lock is lost. */
  readonly check = (): void => {
    try {
      this.assertHeld();
    } catch (error) {
      this.#context.cancellation.fail(error);
    }
  };

  async close(): Promise<void> {
    for (const lock of this.#locks.toReversed()) await lock.release();
  }
}
