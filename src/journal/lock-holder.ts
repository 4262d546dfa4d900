import { readFileSync } from 'node:fs';
import { open, readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { hasErrorCode } from '../errors.js';
import { READ_NO_LINK } from '../private-file.js';

/** Where a process runs. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /**
   * Linux: boot ID and PID namespace, within which a PID means the same process. Two containers have different namespaces,
   * even if they have the same host name.
   */
  readonly system?: string | undefined;
  /** Distinguishes two processes with the same PID; undefined where the system does not provide it. */
  readonly processStart: string | undefined;
}

/** The content of a lock file. */
export interface Holder extends ProcessIdentity {
  /** Unique to this acquisition. */
  readonly lockId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly runId: string;
}

/** A lock file as it is now. */
export interface LockFile {
  /** `unreadable` for a file left by a power failure or made by hand. */
  readonly holder: Holder | 'unreadable';
  readonly touchedAtMs: number;
}

/** A holder touches its lock this often to show that it is alive, which only its own system can see otherwise. */
export const HEARTBEAT_MS = 15_000;

/** How to find out whether a holder is alive. */
export interface LivenessOptions {
  readonly own: ProcessIdentity;
  readonly heartbeatMs: number;
  /** A lock that looks older is dead without being watched. Default: none. */
  readonly maxAgeMs?: number | undefined;
  /** Called before a wait. */
  readonly onWait?: ((holder: Holder, ms: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Processes that were found dead: whoever holds several locks is watched once. */
  readonly dead?: Set<string> | undefined;
}

/**
 * Whether the holder of a lock lives. On this system its PID decides, elsewhere its heartbeat: a lock that was touched just
 * now counts as alive. One that looks old may belong to a machine with another clock, so it is watched by our own clock for
 * more than two heartbeats.
 *
 * @throws the signal's reason.
 */
export async function isAlive(path: string, file: LockFile, options: LivenessOptions): Promise<boolean> {
  const { holder, touchedAtMs } = file;
  if (holder === 'unreadable') return false;
  const { own, heartbeatMs, maxAgeMs = Number.POSITIVE_INFINITY } = options;
  if (isSameSystem(holder, own)) return isRunning(holder);
  const ageMs = Math.abs(Date.now() - touchedAtMs);
  if (ageMs < 4 * heartbeatMs) return true;
  if (ageMs > maxAgeMs) return false;
  const { host, system, pid, processStart } = holder;
  const process = [host, system, pid, processStart].join(' ');
  if (options.dead?.has(process) === true) return false;
  const isTouched = await wasTouched(path, file, options);
  if (!isTouched) options.dead?.add(process);
  return isTouched;
}

/** The identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    host: hostname(),
    system: await systemOf(),
    processStart: await processStartOf(process.pid),
  };
}

/** @returns undefined when there is no lock. */
export async function readLockFile(path: string): Promise<LockFile | undefined> {
  // A network file system looks for changes made elsewhere when a file is opened.
  const file = await open(path, READ_NO_LINK).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const { mtimeMs } = await file.stat();
    return { holder: parseHolder(await file.readFile('utf8')), touchedAtMs: mtimeMs };
  } finally {
    await file.close();
  }
}

/** @returns undefined when there is no lock that can be read. */
export function readHolderSync(path: string): Holder | undefined {
  try {
    const holder = parseHolder(readFileSync(path, 'utf8'));
    return holder === 'unreadable' ? undefined : holder;
  } catch {
    return undefined;
  }
}

export function lockIdOf({ holder }: LockFile): string {
  return holder === 'unreadable' ? holder : holder.lockId;
}

function parseHolder(text: string): Holder | 'unreadable' {
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

function isSameSystem(holder: Holder, own: ProcessIdentity): boolean {
  if (own.system !== undefined || holder.system !== undefined) return holder.system === own.system;
  // Not Linux: containers do not share a host name there. Version 0.1.0 wrote the start of the process on Linux only.
  return holder.host === own.host && holder.processStart === own.processStart;
}

/** Whether there is a process with this ID, of any user. It need not be the one that once had it. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasErrorCode(error, 'EPERM');
  }
}

async function isRunning(holder: Holder): Promise<boolean> {
  if (!hasProcess(holder.pid)) return false;
  return holder.processStart === undefined || holder.processStart === (await processStartOf(holder.pid));
}

/** Watches a lock for a heartbeat. @returns false as well when the lock is gone or has another holder: look again. */
async function wasTouched(
  path: string,
  file: LockFile,
  { heartbeatMs, onWait, signal }: LivenessOptions,
): Promise<boolean> {
  const watchMs = 2.2 * heartbeatMs;
  if (file.holder !== 'unreadable') onWait?.(file.holder, watchMs);
  const endMs = performance.now() + watchMs;
  for (let isLast = false; !isLast;) {
    isLast = performance.now() >= endMs;
    const current = await readLockFile(path);
    if (current === undefined || lockIdOf(current) !== lockIdOf(file)) return false;
    if (current.touchedAtMs !== file.touchedAtMs) return true;
    if (!isLast) await delay(heartbeatMs / 15, undefined, signal ? { signal } : {});
  }
  return false;
}

/** Linux only. */
async function systemOf(): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
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
