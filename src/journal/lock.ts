import { randomUUID } from 'node:crypto';
import { link, readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { hasErrorCode, OktaImportError } from '../errors.js';

import { messageOf } from '../text.js';

/** Another run holds the lock. */
export class LockedError extends OktaImportError {
  override readonly code = 'ERR_LOCKED';
  override readonly exitCode = 4;

  constructor(what: string, path: string, { pid, host, startedAt, runId }: Holder) {
    super(`${what} is in use by process ${pid} on ${host}, since ${startedAt}, run ${runId}.`, {
      hint: `Wait until it ends. If you are sure that it is gone, delete ${path}.`,
    });
  }
}

/** The lock can neither be taken nor be seen to be held: the file system says no. */
export class LockFileError extends OktaImportError {
  override readonly code = 'ERR_LOCK_FILE';

  constructor(path: string, cause: unknown) {
    super(`The lock ${path} cannot be taken: ${messageOf(cause)}.`, {
      hint: 'Make its folder writable, with room on the disk, on a file system that has hard links.',
      cause,
    });
  }
}

interface Holder {
  /** Of this taking of the lock: no second lock has it. */
  readonly lockId: string;
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
  readonly runId: string;
  /** Tells two processes of one pid apart; undefined where the system does not say. */
  readonly processStart: string | undefined;
}

export interface Lock {
  release(): Promise<void>;
}

/** A holder on another machine shows that it lives by touching its lock this often; after four misses it is dead. */
const HEARTBEAT_MS = 15_000;
/** Removing a dead lock takes another process moments. */
const RETRY_MS = 5;

/**
 * Takes a lock: a file that says who holds it. A lock left by a process that is gone is taken over.
 *
 * @param what - what the lock protects, for the message: begins a sentence.
 * @throws {LockedError} a living process holds it.
 * @throws {LockFileError} the file system does not play along.
 */
export async function takeLock(path: string, what: string, runId: string, startedAt: string): Promise<Lock> {
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
  if (holder !== undefined) throw new LockedError(what, path, holder);
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A heartbeat that fails only makes the lock look stale to other machines.
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      // Another machine may have taken it over while this one was asleep. What cannot be read is left to its reader.
      const now = await readHolder(path).catch(() => undefined);
      if (now !== undefined && lockIdOf(now) === own.lockId) await removeIfPresent(path);
    },
  };
}

/** Whether a living process holds a lock just now; it is only looked at. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readHolder(path).catch(() => undefined);
  return holder !== undefined && holder !== 'unreadable' && (await isAlive(holder, path));
}

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
 * Puts the draft in the lock's place. A hard link either comes about whole or not at all, so that nobody ever reads half
 * a lock, and only one of many comes about.
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
 * Removes a dead holder's lock. Only the holder of a lock on just that may do it, and looks again first: else a second
 * process could remove what the first has put there meanwhile. If it dies on the way, its lock is a dead one like any.
 */
async function removeDeadLock(path: string, dead: Holder | 'unreadable', draft: string): Promise<void> {
  const takeoverLock = `${path}.${lockIdOf(dead)}.dead`;
  if ((await linkLockFile(draft, takeoverLock)) !== undefined) {
    await delay(RETRY_MS);
    return;
  }
  const now = await readHolder(path);
  if (now !== undefined && lockIdOf(now) === lockIdOf(dead)) await removeIfPresent(path);
  await removeIfPresent(takeoverLock);
}

async function removeIfPresent(path: string): Promise<void> {
  await unlink(path).catch(() => {
    // Already gone is gone.
  });
}

/** @returns undefined when there is no lock. What can be read is whole: `unreadable` was left by a power cut or by hand. */
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

/** Linux: boot and start time of a process, which no second process shares. */
async function processStartOf(pid: number): Promise<string | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // Fields are counted after the name in parentheses, which may hold spaces (proc(5), "stat", field 22).
    return `${boot.trim()}:${status.slice(status.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    // Not Linux.
    return undefined;
  }
}
