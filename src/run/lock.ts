import { randomUUID } from 'node:crypto';
import { link, readFile, rename, unlink, utimes, writeFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';

import { OktaImportError } from '../errors.js';

/** Another run holds the lock. */
export class LockedError extends OktaImportError {
  override readonly code = 'ERR_LOCKED';

  constructor(what: string, path: string, holder: Holder | undefined) {
    const who =
      holder === undefined
        ? 'another process'
        : `process ${holder.pid} on ${holder.host}, since ${holder.startedAt}, run ${holder.runId}`;
    super(`${what} is in use by ${who}.`, {
      hint: `Wait until it ends. If you are sure that it is gone, delete ${path}.`,
    });
  }
}

interface Holder {
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

/**
 * Takes a lock: a file that says who holds it. A lock left by a process that is gone is taken over.
 *
 * @param what - what the lock protects, for the message: begins a sentence.
 * @throws {LockedError} a living process holds it.
 */
export async function takeLock(path: string, what: string, runId: string, startedAt: string): Promise<Lock> {
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    startedAt,
    runId,
    processStart: await processStartOf(process.pid),
  };
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    while (!(await isPlaced(draft, path))) {
      const holder = await holderOf(path);
      if (await isAlive(holder, path)) throw new LockedError(what, path, holder);
      await moveAside(path, holder);
    }
  } finally {
    await unlink(draft);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A heartbeat that fails only makes the lock look stale to other machines.
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      await unlink(path).catch(() => {
        // Already gone: released is released.
      });
    },
  };
}

/** A hard link either comes about whole or not at all, so nobody ever reads half a lock. */
async function isPlaced(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    // Gone meanwhile, or not a lock of ours.
    return undefined;
  }
}

async function isAlive(holder: Holder | undefined, path: string): Promise<boolean> {
  if (holder === undefined) return false;
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
    return isCode(error, 'EPERM');
  }
  return holder.processStart === undefined || holder.processStart === (await processStartOf(holder.pid));
}

/** Takes a dead holder's lock away, and gives it back should it be somebody else's by now. */
async function moveAside(path: string, dead: Holder | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  const taken = await holderOf(aside);
  if (JSON.stringify(taken) !== JSON.stringify(dead)) await isPlaced(aside, path);
  await unlink(aside);
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

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
