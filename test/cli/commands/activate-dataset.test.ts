import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { parse } from 'csv-parse/sync';
import { expect, it, onTestFinished } from 'vitest';

import { systemClock, type Clock } from '../../../src/clock.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings, startCli, type CliResult } from '../../helpers/cli.js';
import { FAST_WAITS } from '../../helpers/fast-waits.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginOf, loginsTo, peopleCsv, profileOf } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';
import { forbidSecondMail } from '../../helpers/mails.js';
import { until } from '../../helpers/until.js';

const DAY_MS = 86_400_000;

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly env: Record<string, string>;
  readonly pass: (ms: number) => void;
  readonly run: (...args: readonly string[]) => Promise<CliResult>;
  /** A night: the file, and the flags of sync. */
  readonly sync: (people: string, ...flags: readonly string[]) => Promise<CliResult>;
  /** The links in a file, by login. */
  readonly links: (file: string) => ReadonlyMap<string, string>;
}

async function scene(options: SandboxOptions = {}): Promise<Scene> {
  let laterMs = 0;
  const now = (): number => systemClock.now() + laterMs;
  const okta = await startSandbox({ rateLimits: { limits: 100_000 }, ...options, now });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  const env = orgSettings(okta);
  // Without the waits for requests that may still be under way.
  const clock: Clock = { now, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };
  const run: Scene['run'] = (...args) => cli(args, { at, env, clock });
  return {
    okta,
    at,
    env,
    pass: (ms) => (laterMs += ms),
    run,
    sync: (people, ...flags) => {
      at.file('people.csv', people);
      return run('sync', 'people.csv', '--dataset=staff', '--quiet', ...flags);
    },
    links(file) {
      const text = readFileSync(join(at.folder, file), 'utf8');
      const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
      return new Map(rows.map(({ login = '', link = '' }) => [login, link]));
    },
  };
}

async function usable(links: ReadonlyMap<string, string>): Promise<boolean> {
  const statuses = await Promise.all([...links.values()].map(async (link) => (await fetch(link)).status));
  return statuses.every((status) => status === 200);
}

it('the staged people of a data set get links, night after night, each person once', async () => {
  const { okta, run, sync, links, pass, at } = await scene();
  await sync(peopleCsv(3), '--no-activate');

  const first = await run('activate', '--dataset=staff', '--links=monday.csv', '--json');
  pass(DAY_MS);
  await sync(peopleCsv(5), '--no-activate');
  await run('activate', '--dataset=staff', '--links=tuesday.csv');

  expect(JSON.parse(first.stdout)).toMatchObject({
    exitCode: 0,
    command: 'activate',
    file: { name: 'data set staff' },
    counts: { activated: 3 },
  });
  expect([...links('monday.csv').keys()].toSorted()).toEqual(loginsTo(3));
  expect([...links('tuesday.csv').keys()].toSorted()).toEqual([loginOf(4), loginOf(5)]);
  expect(await usable(links('monday.csv'))).toBe(true);
  expect(await usable(links('tuesday.csv'))).toBe(true);
  expect(okta.ledger.links).toHaveLength(5);
  expect(okta.ledger.mails).toEqual([]);
  const everything = at.everyFileExcept('monday.csv', 'tuesday.csv');
  for (const { token } of okta.ledger.links) expect(everything).not.toContain(token);
});

it('activate takes the run of a sync as well', async () => {
  const { okta, run, sync, links } = await scene();
  await sync(peopleCsv(2), '--no-activate', '--run-id=night');

  expect(await run('activate', 'night', '--links=links.csv')).toMatchObject({ exitCode: 0 });

  expect(links('links.csv').size).toBe(2);
  expect(await usable(links('links.csv'))).toBe(true);
  expect(okta.ledger.mails).toEqual([]);
});

it('without --links, Okta sends each person one email', async () => {
  const { okta, run, sync } = await scene();
  await sync(peopleCsv(3), '--no-activate');

  await run('activate', '--dataset=staff');
  const again = await run('activate', '--dataset=staff');

  expect(again.stderr).toContain('Activate 0 users of data set staff');
  expect(loginsTo(3).map((login) => okta.ledger.mailsTo(login))).toEqual([1, 1, 1]);
});

it('a link that was issued and lost is issued again by the next run, into any file', async () => {
  const { okta, at, env, run, sync, links } = await scene({ latencyMs: 8 });
  await sync(peopleCsv(12), '--no-activate');
  for (let kills = 0; kills < 5; kills += 1) {
    const before = okta.ledger.links.length;
    const running = startCli(['activate', '--dataset=staff', '--links=links.csv', '--concurrency=2'], {
      at,
      env,
      nodeArgs: FAST_WAITS,
    });
    await until(() => running.process.exitCode !== null || okta.ledger.links.length >= before + 2);
    running.process.kill('SIGKILL');
    await once(running.process, 'close');
    await delay(20);
  }

  expect(await run('activate', '--dataset=staff', '--links=links.csv')).toMatchObject({ exitCode: 0 });

  expect([...links('links.csv').keys()].toSorted()).toEqual(loginsTo(12).toSorted());
  expect(await usable(links('links.csv'))).toBe(true);
  const settled = await run('activate', '--dataset=staff', '--links=other.csv');
  expect(settled.stderr).toContain('Activate 0 users');
  expect(await usable(links('links.csv'))).toBe(true);
});

/** A file with a column of start dates. */
function peopleFrom(...starts: readonly string[]): string {
  const lines = starts.map((start, index) => [...Object.values(profileOf(index + 1)), start].join(','));
  return ['login,email,firstName,lastName,start', ...lines, ''].join('\n');
}

it('people who wait for their start date are left alone, unless --early is given', async () => {
  const { okta, run, sync, pass, links } = await scene();
  const soon = new Date(Date.now() + 5 * DAY_MS).toISOString().slice(0, 10);
  const file = peopleFrom('2026-01-01', soon);
  await sync(file, '--no-activate');

  const first = await run('activate', '--dataset=staff', '--links=links.csv');

  expect(first.stderr).toContain('Activate 1 user of data set staff');
  expect(first.stderr).toContain(
    '1 user waits for the start date and is left alone (--early includes them).',
  );
  expect([...links('links.csv').keys()]).toEqual([loginOf(1)]);

  pass(6 * DAY_MS);
  await sync(file, '--no-activate');
  // Neither an email nor an activation: that is left to activate.
  expect(okta.findUser(loginOf(2))?.status).toBe('STAGED');
  await run('activate', '--dataset=staff', '--links=links.csv');

  expect([...links('links.csv').keys()]).toEqual([loginOf(1), loginOf(2)]);
  expect(okta.ledger.mails).toEqual([]);
});

it('--early activates people before their start date', async () => {
  const { run, sync, links } = await scene();
  const soon = new Date(Date.now() + 5 * DAY_MS).toISOString().slice(0, 10);
  await sync(peopleFrom(soon), '--no-activate');

  await run('activate', '--dataset=staff', '--links=links.csv', '--early');

  expect([...links('links.csv').keys()]).toEqual([loginOf(1)]);
});

it('--early needs start dates', async () => {
  const { run, sync } = await scene();
  await sync(peopleCsv(1), '--run-id=night');

  const refused = await run('activate', 'night', '--early');

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('Run night has no start dates, so --early does not apply to it.');
});

it('a sync of the same data set cannot run meanwhile', async () => {
  const { okta, at, env, run, sync } = await scene();
  await sync(peopleCsv(2), '--no-activate');
  okta.addFault({ on: 'activateUser', nth: 1, then: 'slow-after-commit', delayMs: 600_000 });
  const running = startCli(['activate', '--dataset=staff', '--concurrency=1'], { at, env });
  await until(() => okta.users().some(({ status }) => status !== 'STAGED'));

  expect(await run('sync', 'people.csv', '--dataset=staff')).toMatchObject({ exitCode: 4 });

  running.process.kill('SIGKILL');
  await running.finished;
});

it('letters have the name and the logo of the org, or its host if they cannot be read', async () => {
  const logoUrl = 'https://example.com/logo.png';
  const { okta, run, sync, at } = await scene({ orgOptions: { companyName: 'Example Ltd', logoUrl } });
  const letters = (file: string): string => readFileSync(join(at.folder, file), 'utf8');
  await sync(peopleCsv(1), '--no-activate');
  await run('activate', '--dataset=staff', '--links=letters.html');
  okta.addFault({ on: ['getOrgSettings', 'listBrands'], then: 'okta-error', errorCode: 'E0000006' });
  await sync(peopleCsv(2), '--no-activate');

  expect(await run('activate', '--dataset=staff', '--links=others.html')).toMatchObject({ exitCode: 0 });

  expect(letters('letters.html')).toContain('Your account at Example Ltd');
  expect(letters('letters.html')).toContain(`<img src="${logoUrl}" alt="">`);
  expect(letters('others.html')).toContain(`Your account at ${new URL(okta.url).host}`);
  expect(letters('others.html')).not.toContain('<img');
});
