import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, readdirSync, readFileSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import {
  LockedError,
  LockFileError,
  LockLostError,
  takeLock,
  type LockOptions,
} from '../../src/journal/lock-file.js';
import type { ProcessIdentity } from '../../src/journal/lock-holder.js';
import { tempFolder } from '../engine/build.js';
import { bundled } from '../helpers/bundled.js';

const STARTED_AT = '2026-01-01T00:00:00.000Z';

function optionsOf(runId: string, subject = 'It', more: Partial<LockOptions> = {}): LockOptions {
  return { subject, runId, startedAt: STARTED_AT, ...more };
}

let holderModule: string;
beforeAll(async () => {
  holderModule = await bundled(fileURLToPath(new URL('lock-holder.mjs', import.meta.url)));
});

interface HolderProcess {
  readonly pid: number;
  /** Sends a line. @returns the reply. */
  tell(command: string): Promise<string>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Another process that takes locks. */
async function startHolder(): Promise<HolderProcess> {
  const child = spawn(process.execPath, [holderModule], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => String((await answers.next()).value);
  expect(await answer()).toBe('ready');
  return {
    pid: child.pid!,
    tell(command) {
      child.stdin.write(`${command}\n`);
      return answer();
    },
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function runIdIn(path: string): unknown {
  return (JSON.parse(readFileSync(path, 'utf8')) as { runId: unknown }).runId;
}

describe('a held lock', () => {
  it('is refused to a second process, with the holder', async () => {
    const path = join(await tempFolder(), 'lock');
    const holder = await startHolder();
    expect(await holder.tell(`take ${path} run-7`)).toBe('taken');

    const error: unknown = await takeLock(path, optionsOf('run-8', 'Run 7')).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LockedError);
    expect(String(error)).toContain(
      `Run 7 is in use by process ${holder.pid} on ${hostname()} since ${STARTED_AT} (run run-7).`,
    );
    expect((error as LockedError).hint).toContain(path);
  });

  it('is free after its release, and leaves no files behind', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'lock');
    const lock = await takeLock(path, optionsOf('run-1', 'It'));
    await expect(takeLock(path, optionsOf('run-2', 'It'))).rejects.toThrow(LockedError);
    expect(readdirSync(folder)).toEqual(['lock']);
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
    await (await takeLock(path, optionsOf('run-3', 'It'))).release();
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not released by a former holder that lost it', async () => {
    const path = join(await tempFolder(), 'lock');
    const lost = await takeLock(path, optionsOf('run-1', 'It'));
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), lockId: 'other' }));
    await lost.release();
    expect(existsSync(path)).toBe(true);
  });
});

it('throws when the lock file cannot be written', async () => {
  const path = join(await tempFolder(), 'not-there', 'lock');
  await expect(takeLock(path, optionsOf('run-1', 'It'))).rejects.toThrow(LockFileError);
  await expect(takeLock(path, optionsOf('run-1', 'It'))).rejects.toThrow(/Cannot take the lock .*: ENOENT/);
});

describe('a lock left behind', () => {
  it('by a killed process is taken over', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'lock');
    const holder = await startHolder();
    await holder.tell(`take ${path} run-1`);
    await holder.kill();

    const lock = await takeLock(path, optionsOf('run-2', 'It'));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, runId: 'run-2' });
    expect(readdirSync(folder)).toEqual(['lock']);
    await lock.release();
  });

  it('by a process whose PID was reused is taken over', async () => {
    const path = join(await tempFolder(), 'lock');
    const holder = await startHolder();
    await holder.tell(`take ${path} run-1`);
    const held = JSON.parse(readFileSync(path, 'utf8')) as { processStart: string };
    await holder.kill();
    // This process is alive, but is not the one that took the lock.
    writeFileSync(path, JSON.stringify({ ...held, pid: process.pid }));

    await takeLock(path, optionsOf('run-2', 'It'));
    expect(runIdIn(path)).toBe('run-2');
  });

  it.each(['', '{"pid":', 'null', '[]', 'garbage'])('that is unreadable (%j) is taken over', async (text) => {
    const folder = await tempFolder();
    const path = join(folder, 'lock');
    writeFileSync(path, text);
    await (await takeLock(path, optionsOf('run-2', 'It'))).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over by exactly one of many processes', async () => {
    const folder = await tempFolder();
    const dead = await startHolder();
    await dead.tell(`take ${join(folder, 'model')} run-0`);
    await dead.kill();
    const left = readFileSync(join(folder, 'model'));
    const takers = await Promise.all(Array.from({ length: 6 }, startHolder));

    for (let round = 1; round <= 40; round += 1) {
      const path = join(folder, `lock-${round}`);
      writeFileSync(path, left);
      const answers = await Promise.all(
        takers.map((taker, index) => taker.tell(`take ${path} run-${index}`)),
      );
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
      expect(answers.filter((answer) => answer.startsWith('refused'))).toHaveLength(5);
      const winner = takers[answers.indexOf('taken')];
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: winner?.pid });
      await Promise.all(takers.map((taker) => taker.tell('release')));
    }
    expect(readdirSync(folder)).toEqual(['model']);
  });

  it('is taken over even if another process was killed while taking it over', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'lock');
    const dead = await startHolder();
    await dead.tell(`take ${path} run-0`);
    const { lockId } = JSON.parse(readFileSync(path, 'utf8')) as { lockId: string };
    // The lock that a process holds while it removes a dead lock; here its holder was killed.
    await dead.tell(`take ${path}.${lockId}.dead run-1`);
    await dead.kill();

    const lock = await takeLock(path, optionsOf('run-2', 'It'));
    expect(readdirSync(folder)).toEqual(['lock']);
    await lock.release();
  });
});

/** The holder in another container on this machine with this host name, whose PIDs have no meaning here. */
const OTHER_CONTAINER: ProcessIdentity = {
  pid: process.pid,
  host: hostname(),
  system: 'boot-1 pid:[2]',
  processStart: 'boot-1:17',
};
const CONTAINER: ProcessIdentity = { ...OTHER_CONTAINER, system: 'boot-1 pid:[1]', processStart: 'boot-1:4' };
/** No such process is running here. */
const NO_PID = 4_194_305;

/** A lock that another machine left, whose clock differs. */
async function foreignLock(touchedAgoMs: number): Promise<string> {
  const path = join(await tempFolder(), 'lock');
  const holder = { lockId: 'a', pid: NO_PID, host: 'elsewhere', startedAt: STARTED_AT, runId: 'run-1' };
  writeFileSync(path, JSON.stringify(holder));
  touch(path, touchedAgoMs);
  return path;
}

function touch(path: string, agoMs: number): void {
  const at = new Date(Date.now() - agoMs);
  utimesSync(path, at, at);
}

describe('a lock from another machine', () => {
  it('holds if it was touched within a minute', async () => {
    const path = await foreignLock(30_000);
    await expect(takeLock(path, optionsOf('run-2'))).rejects.toThrow(/process \d+ on elsewhere/);
  });

  it.each([
    ['is behind', 2 * 3_600_000],
    ['is ahead', -2 * 3_600_000],
  ])('whose clock %s holds as long as it is touched', async (_, agoMs) => {
    const path = await foreignLock(agoMs);
    let beats = 0;
    const heartbeat = setInterval(() => touch(path, agoMs - (beats += 1)), 20);
    onTestFinished(() => clearInterval(heartbeat));

    const taken = takeLock(path, optionsOf('run-2', 'It', { heartbeatMs: 100 }));

    await expect(taken).rejects.toThrow(LockedError);
    expect(runIdIn(path)).toBe('run-1');
  });

  it.each([
    ['is old', 61_000],
    ['lies in the future', -61_000],
  ])('whose time %s is taken over if it is not touched for two heartbeats', async (_, agoMs) => {
    const path = await foreignLock(agoMs);
    const waits: number[] = [];
    const startMs = performance.now();

    await takeLock(
      path,
      optionsOf('run-2', 'It', { heartbeatMs: 50, onWait: (_holder, ms) => waits.push(ms) }),
    );

    expect(performance.now() - startMs).toBeGreaterThan(100);
    expect(waits).toHaveLength(1);
    expect(runIdIn(path)).toBe('run-2');
  });

  it('is watched once for all locks of one dead process', async () => {
    const paths = [await foreignLock(61_000), await foreignLock(61_000), await foreignLock(61_000)];
    const dead = new Set<string>();
    let waits = 0;
    for (const path of paths) {
      await takeLock(path, optionsOf('run-2', 'It', { heartbeatMs: 20, dead, onWait: () => (waits += 1) }));
    }
    expect(waits).toBe(1);
  });

  it('is not watched any longer when the run is interrupted', async () => {
    const path = await foreignLock(61_000);
    const controller = new AbortController();
    const onWait = (): void => controller.abort(new Error('Ctrl-C'));
    const taken = takeLock(path, optionsOf('run-2', 'It', { signal: controller.signal, onWait }));
    await expect(taken).rejects.toThrow('Ctrl-C');
    expect(runIdIn(path)).toBe('run-1');
  });
});

describe('a lock from another container with the same host name', () => {
  it('holds, although no process here has its PID', async () => {
    const path = join(await tempFolder(), 'lock');
    writeFileSync(
      path,
      JSON.stringify({ ...OTHER_CONTAINER, pid: NO_PID, lockId: 'a', startedAt: STARTED_AT, runId: 'run-1' }),
    );
    await expect(takeLock(path, optionsOf('run-2', 'It', { own: CONTAINER }))).rejects.toThrow(LockedError);
  });

  it('is taken over when its heartbeat has stopped, although a process here has its PID', async () => {
    const path = join(await tempFolder(), 'lock');
    writeFileSync(
      path,
      JSON.stringify({ ...OTHER_CONTAINER, lockId: 'a', startedAt: STARTED_AT, runId: 'run-1' }),
    );
    touch(path, 61_000);
    await takeLock(path, optionsOf('run-2', 'It', { own: CONTAINER, heartbeatMs: 20 }));
    expect(runIdIn(path)).toBe('run-2');
  });

  it('is taken over at once within one container, if no process has its PID', async () => {
    const path = join(await tempFolder(), 'lock');
    const dead = { ...CONTAINER, pid: NO_PID };
    writeFileSync(path, JSON.stringify({ ...dead, lockId: 'a', startedAt: STARTED_AT, runId: 'run-1' }));
    await takeLock(path, optionsOf('run-2', 'It', { own: CONTAINER }));
    expect(runIdIn(path)).toBe('run-2');
  });
});

describe('a process whose lock was taken over while it stood still', () => {
  it('notices it at its next heartbeat and before its next write, and names the new holder', async () => {
    const path = join(await tempFolder(), 'lock');
    const losses = new EventEmitter();
    const lost = once(losses, 'lost');
    const onLost = (error: LockLostError): void => void losses.emit('lost', error);
    const lock = await takeLock(
      path,
      optionsOf('run-1', 'people.csv for the org', { heartbeatMs: 20, onLost }),
    );
    lock.assertHeld();
    writeFileSync(
      path,
      JSON.stringify({ ...OTHER_CONTAINER, lockId: 'b', startedAt: STARTED_AT, runId: 'run-2' }),
    );

    const [error] = (await lost) as [LockLostError];
    expect(error).toMatchObject({
      code: 'ERR_LOCK_LOST',
      exitCode: 3,
      message: expect.stringContaining('people.csv for the org was taken over by process'),
    });
    expect(() => lock.assertHeld()).toThrow(LockLostError);
    await lock.release();
    expect(runIdIn(path)).toBe('run-2');
  });

  it('notices that the lock was deleted', async () => {
    const path = join(await tempFolder(), 'lock');
    const losses = new EventEmitter();
    const lost = once(losses, 'lost');
    const onLost = (error: LockLostError): void => void losses.emit('lost', error);
    await takeLock(path, optionsOf('run-1', 'It', { heartbeatMs: 20, onLost }));
    unlinkSync(path);
    expect(String((await lost)[0])).toContain(`was deleted (${path})`);
  });

  it('looks at the lock before a write that follows a pause, before any timer has run', async () => {
    const path = join(await tempFolder(), 'lock');
    const lock = await takeLock(path, optionsOf('run-1'));
    unlinkSync(path);
    lock.assertHeld();
    const { now } = Date;
    onTestFinished(() => void (Date.now = now));
    Date.now = () => now() + 60_000;
    expect(() => lock.assertHeld()).toThrow(LockLostError);
  });
});
