import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { LockedError, LockFileError, takeLock } from '../../src/journal/lock.js';
import { tempFolder } from '../engine/build.js';
import { bundled } from '../helpers/bundled.js';

const STARTED_AT = '2026-01-01T00:00:00.000Z';
let holderModule: string;
beforeAll(async () => {
  holderModule = await bundled(fileURLToPath(new URL('lock-holder.mjs', import.meta.url)));
});

interface HolderProcess {
  readonly pid: number;
  /** Sends a line. @returns the answer. */
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

    const error: unknown = await takeLock(path, 'Run 7', 'run-8', STARTED_AT).catch(
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
    const lock = await takeLock(path, 'It', 'run-1', STARTED_AT);
    await expect(takeLock(path, 'It', 'run-2', STARTED_AT)).rejects.toThrow(LockedError);
    expect(readdirSync(folder)).toEqual(['lock']);
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
    await (await takeLock(path, 'It', 'run-3', STARTED_AT)).release();
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not released by a former holder that lost it', async () => {
    const path = join(await tempFolder(), 'lock');
    const lost = await takeLock(path, 'It', 'run-1', STARTED_AT);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), lockId: 'other' }));
    await lost.release();
    expect(existsSync(path)).toBe(true);
  });
});

it('throws when the lock file cannot be written', async () => {
  const path = join(await tempFolder(), 'not-there', 'lock');
  await expect(takeLock(path, 'It', 'run-1', STARTED_AT)).rejects.toThrow(LockFileError);
  await expect(takeLock(path, 'It', 'run-1', STARTED_AT)).rejects.toThrow(/Cannot take the lock .*: ENOENT/);
});

describe('a lock left behind', () => {
  it('by a killed process is taken over', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'lock');
    const holder = await startHolder();
    await holder.tell(`take ${path} run-1`);
    await holder.kill();

    const lock = await takeLock(path, 'It', 'run-2', STARTED_AT);
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

    await takeLock(path, 'It', 'run-2', STARTED_AT);
    expect(runIdIn(path)).toBe('run-2');
  });

  it.each(['', '{"pid":', 'null', '[]', 'garbage'])('that is unreadable (%j) is taken over', async (text) => {
    const folder = await tempFolder();
    const path = join(folder, 'lock');
    writeFileSync(path, text);
    await (await takeLock(path, 'It', 'run-2', STARTED_AT)).release();
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

    const lock = await takeLock(path, 'It', 'run-2', STARTED_AT);
    expect(readdirSync(folder)).toEqual(['lock']);
    await lock.release();
  });
});

async function foreignLock(touchedAgoMs: number): Promise<string> {
  const path = join(await tempFolder(), 'lock');
  const holder = { lockId: 'a', pid: 1, host: 'elsewhere', startedAt: STARTED_AT, runId: 'run-1' };
  writeFileSync(path, JSON.stringify(holder));
  const touchedAt = new Date(Date.now() - touchedAgoMs);
  utimesSync(path, touchedAt, touchedAt);
  return path;
}

describe('a lock from another machine', () => {
  it('holds as long as it is touched', async () => {
    const path = await foreignLock(30_000);
    await expect(takeLock(path, 'It', 'run-2', STARTED_AT)).rejects.toThrow(/process 1 on elsewhere/);
  });

  it('is taken over one minute after it was last touched', async () => {
    const path = await foreignLock(61_000);
    await takeLock(path, 'It', 'run-2', STARTED_AT);
    expect(runIdIn(path)).toBe('run-2');
  });
});
