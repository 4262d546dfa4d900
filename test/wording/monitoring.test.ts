import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { expect, it, onTestFinished, vi } from 'vitest';

import { Progress } from '../../src/cli/progress.js';
import type { RunProgress } from '../../src/jobs/run-observer.js';
import { noCounts, type Counts } from '../../src/rows/counts.js';
import { STATUSES } from '../../src/rows/status-table.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { recordedTerminal } from '../cli/captured-stream.js';
import { fastClock } from '../helpers/fast-clock.js';
import { cli } from '../helpers/in-process-cli.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

it('metrics and heartbeats', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(3));
  let runs = 0;
  const importWith = async (title: string, ...flags: string[]): Promise<void> => {
    const { env } = await sandboxOrg({
      faults: [{ on: 'createUser', login: loginOf(2), then: 'okta-error', errorCode: 'E0000038' }],
    });
    runs += 1;
    const args = ['import', file, `--run-id=${runs}`, '--concurrency=1', ...flags];
    await transcript.command(title, args, { at, env });
  };

  await importWith('a metrics file', '--metrics-file=okta.prom');
  const metrics = readFileSync(join(at.folder, 'okta.prom'), 'utf8');
  transcript.add('okta.prom', metrics.replaceAll(/(_seconds(?:\{.*?\})?) [\d.e+]+$/gm, '$1 <number>'), at);
  const monitor = await startMonitor(200);
  await importWith('a heartbeat', `--heartbeat=${monitor.url}`);
  transcript.add('what the monitor receives', monitor.received.join('\n'), at);
  await importWith('a rejected heartbeat', `--heartbeat=${(await startMonitor(404)).url}`);
  await importWith('a heartbeat without a response', '--heartbeat=http://127.0.0.1:9/x');
  await importWith('a heartbeat over http', '--heartbeat=http://example.com/x');
  await importWith('a heartbeat with a password', '--heartbeat=https://a:b@example.com/x');

  await expect(transcript.text).toMatchFileSnapshot('snapshots/monitoring.txt');
});

it('a run that has to wait', async () => {
  const transcript = new Transcript();
  const run = async (title: string, options: SandboxOptions, ...flags: string[]): Promise<void> => {
    const at = workplace();
    const clock = fastClock(100);
    const { env } = await sandboxOrg({ now: () => clock.now(), ...options });
    const file = at.file('people.csv', peopleCsv(4));
    const args = ['import', file, '--run-id=it', '--concurrency=1', ...flags];
    const { stderr } = await cli(args, { at, env, clock });
    transcript.add(title, [...new Set(linesWithoutNumbers(stderr))].join('\n'), at);
  };
  const verbose = ['--verbose', '--no-progress'];

  await run('for the rate limit', { rateLimits: { limits: 3 } }, ...verbose);
  await run(
    'for an unavailable org',
    { faults: [{ on: 'any', nth: [3, 4], then: 'status-503' }] },
    ...verbose,
  );
  await run(
    'after a lost connection',
    { faults: [{ on: 'createUser', nth: 2, then: 'reset-before-commit' }] },
    ...verbose,
  );

  await expect(transcript.text).toMatchFileSnapshot('snapshots/waits.txt');
});

it('how far a run is', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const transcript = new Transcript();
  const all: Counts = noCounts();
  for (const { count } of STATUSES) all[count] = 1;
  const show = async (
    title: string,
    isInteractive: boolean,
    state: Partial<RunProgress>,
    leftMs?: number,
  ): Promise<void> => {
    const { terminal, stderr } = recordedTerminal({ isInteractive, columns: 200 });
    const shown = new Progress({ terminal, now: () => Date.now() });
    // As often as a job reports it.
    for (let ms = 0; ms < 15_000; ms += 200) {
      vi.advanceTimersByTime(200);
      shown.show({
        name: 'people.csv',
        phase: 'running',
        counts: { ...noCounts(), total: 14, created: 13, failed: 1 },
        rows: 100,
        bytes: undefined,
        rowsPerMinute: 60,
        timeLeftMs: leftMs,
        wait: undefined,
        requests: { sent: 0, retried: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 },
        ...state,
      });
    }
    shown.clear();
    const drawn = stderr.text.split('\r').findLast((line) => line.includes('people.csv'));
    transcript.add(title, (isInteractive ? drawn : stderr.text) ?? '');
  };

  await show('without a terminal', false, {}, 90_000);
  await show('before the number of rows is known', false, { rows: undefined, bytes: { read: 1, of: 4 } });
  await show('with all statuses', false, { counts: { ...all, total: 100 } }, 5_400_000);
  await show('at a terminal', true, {}, 30_000);
  await show('at a terminal, while the file is read', true, {
    phase: 'scanning',
    rows: undefined,
    bytes: { read: 1, of: 4 },
  });

  await expect(transcript.text).toMatchFileSnapshot('snapshots/progress.txt');
});

/** Durations and counts vary. */
function linesWithoutNumbers(text: string): string[] {
  return text
    .replaceAll(/req[0-9A-Z]+-\w+/gi, '<request id>')
    .replaceAll(/(?<![\w:.])\d+(?:\.\d+)?(?![\w:.])/g, '<n>')
    .split('\n');
}

/** A monitor that responds to every ping with one status. */
async function startMonitor(status: number): Promise<{ readonly url: string; readonly received: string[] }> {
  const received: string[] = [];
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        received.push(`POST ${request.url ?? ''}`, ...(body === '' ? [] : [body]));
        response.writeHead(status).end();
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`, received };
}
