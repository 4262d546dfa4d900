import { randomUUID } from 'node:crypto';
import { link, readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { hasErrorCode, OktaImportError } from '../errors.js';
import { messageOf } from '../text.js';

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

interface Holder {
  /** Unique to this acquisition. */
  readonly lockId: string;
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly runId: string;
  /** Distinguishes two processes with the same PID; undefined where the system does not provide it. */
  readonly processStart: string | undefined;
}

export interface Lock {
  release(): Promise<void>;
}

/** A holder touches its lock this often to show other machines that it is alive; after four misses it counts as dead. */
const HEARTBEAT_MS = 15_000;
/** How long to wait for another process that is removing a dead lock. */
const RETRY_MS = 5;

/**
 * Takes a lock: a file that says who holds it. The lock of a dead process is taken over.
 *
 * @param subject - what the lock protects; starts the sentence of `LockedError`.
 * @param startedAt - ISO 8601.
 * @throws {LockedError} a living process holds it.
 * @throws {LockFileError}
 */
export async function takeLock(
  path: string,
  subject: string,
  runId: string,
  startedAt: string,
): Promise<Lock> {
  const own: Holder = {
    lockId: randomUUID(),
    pid: process.pid,
    host: hostname(),
    startedAt,
    runId,
    processStart: await processStartOf(process.pid),
  };
  const holder = await placeLockFile(own, path).catch((error: unknown) => {
    throw new LockFileError(path, error);
  });
  if (holder !== undefined) throw new LockedError(subject, path, holder);
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A failed heartbeat only makes the lock look stale to other machines.
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      // Another machine may have taken it over while this one was asleep. A file that cannot be read is left alone.
      const current = await readHolder(path).catch(() => undefined);
      if (current !== undefined && lockIdOf(current) === own.lockId) await removeIfPresent(path);
    },
  };
}

/** Whether a living process holds a lock. Only reads. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readHolder(path).catch(() => undefined);
  return holder !== undefined && holder !== 'unreadable' && (await isAlive(holder, path));
}

/** @returns the living holder, if there is one. */
async function placeLockFile(own: Holder, path: string): Promise<Holder | undefined> {
  const draft = `${path}.${own.lockId}`;
  try {
    await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
    return await linkLockFile(draft, path);
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
async function linkLockFile(draft: string, path: string): Promise<Holder | undefined> {
  for (;;) {
    try {
      await link(draft, path);
      return undefined;
    } catch (error) {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    }
    const holder = await readHolder(path);
    if (holder !== undefined) {
      if (holder !== 'unreadable' && (await isAlive(holder, path))) return holder;
      await removeDeadLock(path, holder, draft);
    }
  }
}

/**
 * Removes the lock of a dead holder. Needs a lock on that very lock, and looks again first: otherwise a second process
 * could remove what the first has put in its place. If this process dies here, its takeover lock is a dead lock like any.
 */
async function removeDeadLock(path: string, dead: Holder | 'unreadable', draft: string): Promise<void> {
  const takeoverLock = `${path}.${lockIdOf(dead)}.dead`;
  if ((await linkLockFile(draft, takeoverLock)) !== undefined) {
    await delay(RETRY_MS);
    return;
  }
  const current = await readHolder(path);
  if (current !== undefined && lockIdOf(current) === lockIdOf(dead)) await removeIfPresent(path);
  await removeIfPresent(takeoverLock);
}

async function removeIfPresent(path: string): Promise<void> {
  await unlink(path).catch(() => {
    // It is already gone.
  });
}

/** @returns undefined when there is no lock; `unreadable` for a file left by a power failure or made by hand. */
async function readHolder(path: string): Promise<Holder | 'unreadable' | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    const holder: unknown = JSON.parse(text);
    return isHolder(holder) ? holder : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && 'lockId' in value;
}

function lockIdOf(holder: Holder | 'unreadable'): string {
  return holder === 'unreadable' ? holder : holder.lockId;
}

async function isAlive(holder: Holder, path: string): Promise<boolean> {
  if (holder.host !== hostname()) {
    const touchedAtMs = await stat(path).then(
      (file) => file.mtimeMs,
      () => 0,
    );
    return Date.now() - touchedAtMs < 4 * HEARTBEAT_MS;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return hasErrorCode(error, 'EPERM');
  }
  return holder.processStart === undefined || holder.processStart === (await processStartOf(holder.pid));
}

/** Linux: boot ID and start time of a process, which no other process shares. */
async function processStartOf(pid: number): Promise<string | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // Fields are counted after the name in parentheses, which may contain spaces (proc(5), "stat", field 22).
    return `${boot.trim()}:${status.slice(status.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    // Not Linux.
    return undefined;
  }
}
