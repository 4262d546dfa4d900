import { randomUUID } from 'node:crypto';
import { link, unlink, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { hasErrorCode, OktaImportError } from '../errors.js';
import { messageOf } from '../text.js';

import {
  HEARTBEAT_MS,
  isAlive,
  lockIdOf,
  ownIdentity,
  readHolderSync,
  readLockFile,
  type Holder,
  type LivenessOptions,
  type LockFile,
  type ProcessIdentity,
} from './lock-holder.js';

/** Another process holds the lock. */
export class LockedError extends OktaImportError {
  override readonly code = 'ERR_LOCKED';
  override readonly exitCode = 4;

  constructor(subject: string, path: string, { pid, host, startedAt, runId }: Holder) {
    super(`${subject} is in use by process ${pid} on ${host} since ${startedAt} (run ${runId}).`, {
      hint: `Wait until that process ends. If you are sure that it is gone, delete ${path}.`,
    });
  }
}

/** The file system does not allow to take the lock, or to read who holds it. */
export class LockFileError extends OktaImportError {
  override readonly code = 'ERR_LOCK_FILE';

  constructor(path: string, cause: unknown) {
    super(`Cannot take the lock ${path}: ${messageOf(cause)}.`, {
      hint: 'Make its folder writable, with free disk space, on a file system that supports hard links.',
      cause,
    });
  }
}

/** This process does not hold its lock any more, so it must not write anything. */
export class LockLostError extends OktaImportError {
  override readonly code = 'ERR_LOCK_LOST';
  override readonly exitCode = 3;

  /** @param holder - undefined when the lock is gone. */
  constructor(subject: string, path: string, holder: Holder | undefined) {
    super(
      holder === undefined
        ? `The lock of this process on ${subject} was deleted (${path}).`
        : `${subject} was taken over by process ${holder.pid} on ${holder.host} (run ${holder.runId}), because this process did not run for a while.`,
      {
        hint:
          holder === undefined
            ? 'Make sure that no other process works on it and that the run folder is complete, then resume the run.'
            : 'Wait until that process ends, then look at its report before you resume this run.',
      },
    );
  }
}

export interface Lock {
  /** Looks at the lock file at most every few seconds. @throws {LockLostError} */
  assertHeld(now?: Clocks): void;
  release(): Promise<void>;
}

export interface LockOptions extends Pick<LivenessOptions, 'onWait' | 'signal' | 'dead'> {
  /** What the lock protects; starts the sentence of `LockedError`. */
  readonly subject: string;
  readonly runId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Called once, when the lock is found to be lost between two writes. */
  readonly onLost?: ((error: LockLostError) => void) | undefined;
  readonly heartbeatMs?: number | undefined;
  /** Default: this process. */
  readonly own?: ProcessIdentity | undefined;
}

/** How long to wait for another process that is removing a dead lock. */
const RETRY_MS = 5;
/** A process that stood still for less than this cannot have lost its lock, since heartbeats are rarer. */
const CHECK_EVERY_MS = 2000;

/**
 * Takes a lock: a file that says who holds it. The lock of a dead process is taken over.
 *
 * @throws {LockedError} a living process holds it.
 * @throws {LockFileError}
 * @throws the signal's reason, while it watches a lock from another system.
 */
export async function takeLock(path: string, options: LockOptions): Promise<Lock> {
  const { subject, runId, startedAt, heartbeatMs = HEARTBEAT_MS, onWait, signal, dead, onLost } = options;
  const identity = options.own ?? (await ownIdentity());
  const own: Holder = { lockId: randomUUID(), startedAt, runId, ...identity };
  const placing = placeLockFile(own, path, { own: identity, heartbeatMs, onWait, signal, dead });
  const holder = await placing.catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new LockFileError(path, error);
  });
  if (holder !== undefined) throw new LockedError(subject, path, holder);
  return new HeldLock(path, own, { subject, heartbeatMs, onLost });
}

/** Whether a living process holds a lock. Only reads. */
export async function isLocked(path: string): Promise<boolean> {
  const file = await readLockFile(path).catch(() => undefined);
  if (file === undefined) return false;
  const options = { own: await ownIdentity(), heartbeatMs: HEARTBEAT_MS, maxAgeMs: 60 * 60_000 };
  return isAlive(path, file, options);
}

class HeldLock implements Lock {
  readonly #path: string;
  readonly #own: Holder;
  readonly #subject: string;
  readonly #heartbeat: NodeJS.Timeout;
  #checkedAt = clocks();
  #lost: LockLostError | undefined;

  constructor(
    path: string,
    own: Holder,
    {
      subject,
      heartbeatMs,
      onLost,
    }: Pick<LockOptions, 'subject' | 'onLost'> & { readonly heartbeatMs: number },
  ) {
    this.#path = path;
    this.#own = own;
    this.#subject = subject;
    let touchedAtMs = performance.now();
    const beat = (): void => {
      if (!this.#isHeld()) {
        clearInterval(this.#heartbeat);
        if (this.#lost !== undefined) onLost?.(this.#lost);
      } else if (performance.now() - touchedAtMs >= heartbeatMs) {
        touchedAtMs = performance.now();
        const now = new Date();
        // A failed heartbeat only makes the lock look stale to other machines.
        utimes(path, now, now).catch(() => {});
      }
    };
    this.#heartbeat = setInterval(beat, Math.min(CHECK_EVERY_MS, heartbeatMs / 2));
    this.#heartbeat.unref();
  }

  assertHeld(now = clocks()): void {
    // The monotonic clock stands still while a virtual machine is suspended.
    const passedMs = Math.max(
      now.monotonicMs - this.#checkedAt.monotonicMs,
      Math.abs(now.ms - this.#checkedAt.ms),
    );
    if (this.#lost === undefined && passedMs < CHECK_EVERY_MS) return;
    if (!this.#isHeld() && this.#lost !== undefined) throw this.#lost;
  }

  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    if (this.#isHeld()) await removeIfPresent(this.#path);
  }

  #isHeld(): boolean {
    if (this.#lost !== undefined) return false;
    this.#checkedAt = clocks();
    const holder = readHolderSync(this.#path);
    if (holder?.lockId === this.#own.lockId) return true;
    this.#lost = new LockLostError(this.#subject, this.#path, holder);
    return false;
  }
}

/** The time by both clocks of this machine, milliseconds. */
export interface Clocks {
  readonly ms: number;
  readonly monotonicMs: number;
}

export function clocks(): Clocks {
  return { ms: Date.now(), monotonicMs: performance.now() };
}

/** @returns the living holder, if there is one. */
async function placeLockFile(
  own: Holder,
  path: string,
  options: LivenessOptions,
): Promise<Holder | undefined> {
  const draft = `${path}.${own.lockId}`;
  try {
    await writeFile(draft, JSON.stringify(own), { mode: 0o600, flag: 'wx' });
    return await linkLockFile(draft, path, options);
  } finally {
    await removeIfPresent(draft);
  }
}

/**
 * Puts the draft in the lock's place. Creating a hard link is atomic, so nobody reads half a lock and only one of several
 * processes succeeds.
 *
 * @returns the living holder, if there is one.
 */
async function linkLockFile(
  draft: string,
  path: string,
  options: LivenessOptions,
): Promise<Holder | undefined> {
  for (;;) {
    try {
      await link(draft, path);
      return undefined;
    } catch (error) {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    }
    const file = await readLockFile(path);
    if (file === undefined) continue;
    if (file.holder !== 'unreadable' && (await isAlive(path, file, options))) return file.holder;
    await removeDeadLock(path, file, draft, options);
  }
}

/**
 * Removes the lock of a dead holder. Needs a lock on that very lock, and looks again first: otherwise a second process
 * could remove what the first has put in its place. If this process dies here, its takeover lock is a dead lock like any.
 */
async function removeDeadLock(
  path: string,
  dead: LockFile,
  draft: string,
  options: LivenessOptions,
): Promise<void> {
  const takeoverLock = `${path}.${lockIdOf(dead)}.dead`;
  if ((await linkLockFile(draft, takeoverLock, options)) !== undefined) {
    await delay(RETRY_MS);
    return;
  }
  const current = await readLockFile(path);
  const isSame = current?.touchedAtMs === dead.touchedAtMs && lockIdOf(current) === lockIdOf(dead);
  if (isSame) await removeIfPresent(path);
  await removeIfPresent(takeoverLock);
}

async function removeIfPresent(path: string): Promise<void> {
  await unlink(path).catch(() => {
    // It is already gone.
  });
}
