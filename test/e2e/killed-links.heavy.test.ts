import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { parse } from 'csv-parse/sync';
import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, startCli } from '../helpers/cli.js';
import { FAST_WAITS } from '../helpers/fast-waits.js';
import { cli } from '../helpers/in-process-cli.js';
import { killAt, MOMENTS_WITH_LINKS } from '../helpers/killed-cli.js';
import { loginsTo, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';
import { forbidSecondMail } from '../helpers/mails.js';

/** Longer than the sandbox takes for a request: then it has processed all requests of a process that was killed. */
const DRAIN_MS = 40;

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly env: Record<string, string>;
}

async function stagedPeople(count: number): Promise<Scene> {
  const okta = await startSandbox({ latencyMs: { min: 2, max: 20 }, rateLimits: { limits: 1_000_000 } });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  const env = orgSettings(okta);
  const file = at.file('people.csv', peopleCsv(count));
  await cli(['import', file, '--run-id=it', '--no-activate', '--quiet'], { at, env });
  return { okta, at, env };
}

/** The links in a file, by login. */
function linksIn({ at }: Scene, file: string): (readonly [login: string, link: string])[] {
  const text = readFileSync(join(at.folder, file), 'utf8');
  if (file.endsWith('.csv')) {
    const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
    return rows.map(({ login = '', link = '' }) => [login, link]);
  }
  return [...text.matchAll(/<article.*?<\/article>/gs)].map(([letter]) => [
    /<dd>(p\d+@example\.com)<\/dd>/.exec(letter)?.[1] ?? '',
    /<p class="link">(.*?)<\/p>/.exec(letter)?.[1] ?? '',
  ]);
}

/** Every person is in the file once, with the link that was issued last, and that link can be used. */
async function expectOneUsableLinkEach(scene: Scene, file: string, people: number): Promise<void> {
  const { okta } = scene;
  const found = linksIn(scene, file);
  expect(found.map(([login]) => login).toSorted()).toEqual(loginsTo(people).toSorted());
  const lastToken = new Map(okta.ledger.links.map(({ login, token }) => [login, token]));
  for (const [login, link] of found) expect(link).toContain(`/tokens/${lastToken.get(login)}/`);
  const statuses = await Promise.all(found.map(async ([, link]) => (await fetch(link)).status));
  expect(statuses.every((status) => status === 200)).toBe(true);
  expect(okta.ledger.mails).toEqual([]);
}

it.each(['links.csv', 'letters.html'])(
  'kills at every step while %s is written lose no link, and no one has two',
  async (file) => {
    const people = 60;
    const scene = await stagedPeople(people);
    const { okta, at, env } = scene;
    const args = ['activate', 'it', `--links=${file}`, '--concurrency=4', '--quiet'];
    for (const moment of MOMENTS_WITH_LINKS) {
      expect({ moment, isReached: await killAt(moment, args, { at, env, nodeArgs: FAST_WAITS }) }).toEqual({
        moment,
        isReached: true,
      });
      await delay(DRAIN_MS);
    }

    expect(await startCli(args, { at, env, nodeArgs: FAST_WAITS }).finished).toMatchObject({ exitCode: 0 });

    await expectOneUsableLinkEach(scene, file, people);
    // Some of the kills came between a response and its record.
    expect(okta.ledger.links.length).toBeGreaterThan(people);
    expect(existsSync(join(at.folder, `${file}.lock`))).toBe(false);
  },
);

it('a full disk leaves the row in doubt with exit code 3, and the same command continues', async () => {
  const people = 12;
  const scene = await stagedPeople(people);
  const { okta, at, env } = scene;
  const args = ['activate', 'it', '--links=letters.html', '--concurrency=3'];

  // In blocks of 512 bytes: room for a few letters.
  const full = await startCli([...args, '--json'], { at, env, fileSizeLimit: 100 }).finished;

  const summary: unknown = JSON.parse(full.stdout);
  expect({ exitCode: full.exitCode, stderr: full.stderr }).toMatchObject({ exitCode: 3 });
  expect(full.stderr).toMatch(/Stopped early: Cannot write the links to .*letters\.html: EFBIG/);
  expect(full.stderr).toContain('Then run activate again');
  expect(summary).toMatchObject({ stoppedBecause: expect.stringContaining('letters.html') });
  const written = linksIn(scene, 'letters.html').length;
  expect(written).toBeGreaterThan(0);
  // Nobody else's link was issued in vain.
  expect(okta.ledger.links.length - written).toBeLessThanOrEqual(3);
  const { results } = at.run('it-activate');
  const inDoubt = results.filter(({ errorCode }) => errorCode === 'ERR_OUTCOME_UNKNOWN').length;
  expect(inDoubt).toBeGreaterThanOrEqual(okta.ledger.links.length - written);

  expect(await startCli(args, { at, env, nodeArgs: FAST_WAITS }).finished).toMatchObject({ exitCode: 0 });

  await expectOneUsableLinkEach(scene, 'letters.html', people);
});
