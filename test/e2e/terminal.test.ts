import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { peopleCsv } from '../helpers/people.js';
import { recordedOrg } from '../helpers/recorder.js';
import { openTerminal } from '../helpers/terminal.js';
import { workplace } from '../helpers/workplace.js';

it('shows progress and waits on one line, even when the window becomes narrower, and removes it at the end', async () => {
  const org = await recordedOrg();
  const hold = org.holdCreatesAfter(25);
  const at = workplace();
  const file = at.file('名前と住所の一覧表.csv', peopleCsv(60));
  const terminal = openTerminal(['import', file, '--yes', '--run-id=it'], {
    at,
    columns: 120,
    env: orgSettings(org),
  });
  await hold.waiting(1);

  await terminal.shows(/^名前と住所の一覧表\.csv {2}\[=+ +\] {2}25\/60 rows {2}25 created/);
  await terminal.resize(40);
  await terminal.shows(/^25\/60 rows.* {2}25 created/);
  // The line of the wide window is gone, even if the terminal had wrapped it into two lines.
  expect((await terminal.lines()).filter((line) => /rows|created|\[=/.test(line))).toHaveLength(1);
  await terminal.resize(16);
  await terminal.shows(/^25\/60/);
  expect((await terminal.lines()).filter((line) => line.includes('25'))).toHaveLength(1);
  await terminal.resize(200);
  await terminal.shows(/^名前.*25\/60 rows/);
  hold.release();

  expect(await terminal.exitCode).toBe(0);
  expect(await terminal.lines()).toEqual([
    expect.stringMatching(/^名前と住所の一覧表\.csv \(http:.*\): 60 rows, 60 created\.$/),
    'Report: reports/it',
  ]);
});

it('shows when the rate limit resets, and estimates the time left by the limit, not by the first burst', async () => {
  const okta = await startSandbox({ rateLimits: { limits: 40 } });
  onTestFinished(() => okta.close());
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(400));
  const terminal = openTerminal(['import', file, '--yes'], { at, columns: 160, env: orgSettings(okta) });

  await terminal.shows(/waiting \d+ s for the org's rate limit \(40\/min\)/);
  const [line = ''] = await terminal.lines();
  // The limit is 40 a minute, and the first 36 rows took no time.
  expect(Number(/(\d+) rows\/min/.exec(line)?.[1])).toBeLessThanOrEqual(40);
  const [, minutes] = /about (\d+) min left/.exec(line) ?? [];
  // 400 rows at 36 a minute.
  expect(Number(minutes)).toBeGreaterThanOrEqual(9);
  expect(Number(minutes)).toBeLessThanOrEqual(12);
  terminal.type('\u0003');
  expect(await terminal.exitCode).toBe(130);
  expect((await terminal.lines()).join('\n')).toContain('okta-csv-import resume reports/');
});

it.each([
  { env: {}, colors: true, redraws: true },
  { env: { NO_COLOR: '1' }, colors: false, redraws: false },
  { env: { CI: 'true' }, colors: true, redraws: false },
  { env: { TERM: 'dumb' }, colors: false, redraws: false },
])('on a terminal with $env: colors $colors, status line $redraws', async ({ env, colors, redraws }) => {
  const org = await recordedOrg();
  const hold = org.holdCreatesAfter(5);
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(30));
  const terminal = openTerminal(['import', file, '--yes'], {
    at,
    columns: 100,
    env: { ...orgSettings(org), ...env },
  });
  await hold.waiting(1);
  if (redraws) await terminal.shows(/5\/30 rows/);
  hold.release();
  await terminal.exitCode;

  expect(terminal.written().includes('\u001b[32m')).toBe(colors);
  expect(terminal.written().includes('\u001b[J')).toBe(redraws);
});
