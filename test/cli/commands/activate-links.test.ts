import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import jsqr from 'jsqr';
import { expect, it, onTestFinished } from 'vitest';

import { takeLock } from '../../../src/journal/lock-file.js';
import { qrCode } from '../../../src/letters/letter-template.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { orgSettings, startCli } from '../../helpers/cli.js';
import { FASTER, fastWaits } from '../../helpers/fast-waits.js';
import { firstSignInsIn } from '../../helpers/first-sign-ins.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginOf, loginsTo, peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';
import { forbidSecondMail } from '../../helpers/mails.js';

interface Staged {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly activate: (...args: string[]) => ReturnType<typeof cli>;
  /** The text of a file in the workplace. */
  readonly text: (file: string) => string;
}

async function stagedOrg(people: string, options: Partial<SandboxOptions> = {}): Promise<Staged> {
  const okta = await startSandbox({ rateLimits: { limits: 100_000 }, ...options });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  const running = { at, env: orgSettings(okta), clock: fastWaits };
  const file = at.file('people.csv', people);
  await cli(['import', file, '--run-id=it', '--no-activate', '--quiet'], running);
  return {
    okta,
    at,
    activate: (...args) => cli(['activate', 'it', ...args], running),
    text: (name) => readFileSync(join(at.folder, name), 'utf8'),
  };
}

it('--links links.csv writes one row a person with the link, for its owner only, and no mail is sent', async () => {
  const { okta, at, activate, text } = await stagedOrg(peopleCsv(3));

  const { exitCode, stderr } = await activate('--links=links.csv');

  expect(exitCode).toBe(0);
  expect(stderr).toMatch(
    /3 activation links written to .*links\.csv\. Whoever has the file can sign in: delete it/,
  );
  const rows = parseCsv(text('links.csv'));
  expect(rows.map(({ login = '' }) => login).toSorted()).toEqual(loginsTo(3));
  for (const row of rows) {
    expect(row['link']).toContain('/tokens/');
    expect(Date.parse(row['expires'] ?? '')).toBeGreaterThan(Date.now() + 6 * 86_400_000);
  }
  expect(statSync(join(at.folder, 'links.csv')).mode & 0o777).toBe(0o600);
  expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
});

it('links are in no other file and in no output', async () => {
  const { at, activate, text } = await stagedOrg(peopleCsv(2));

  const { stdout, stderr } = await activate(
    '--links=links.csv',
    '--verbose',
    '--log-file=log.ndjson',
    '--json',
  );

  const links = parseCsv(text('links.csv')).map((row) => row['link'] ?? '');
  const elsewhere = [at.everyFileExcept('links.csv'), stdout, stderr].join('\n');
  for (const link of links) {
    expect(link).not.toBe('');
    expect(elsewhere).not.toContain(link);
    expect(elsewhere).not.toContain(link.split('/').at(-1));
  }
});

it('a link that was issued and lost is issued again, and nobody gets two', async () => {
  const { okta, activate, text } = await stagedOrg(peopleCsv(3), {
    faults: [{ on: 'activateUser', then: 'reset-after-commit', nth: 2 }],
  });

  expect(await activate('--links=links.csv', '--concurrency=1')).toMatchObject({ exitCode: 0 });

  const rows = parseCsv(text('links.csv'));
  expect(rows.map(({ login }) => login)).toEqual(loginsTo(3));
  expect(rows.every(({ link = '' }) => link !== '')).toBe(true);
  expect(okta.ledger.requests({ operation: 'reactivateUser' })).toBe(1);
});

it('a second run continues the file, and leaves the people in it alone', async () => {
  const { okta, activate, text } = await stagedOrg(peopleCsv(3));
  await activate('--links=links.csv');
  const before = text('links.csv');

  expect(await activate('--links=links.csv')).toMatchObject({ exitCode: 0 });

  expect(text('links.csv')).toBe(before);
  expect(okta.ledger.requests({ operation: 'reactivateUser' })).toBe(0);
});

it.each(['links.csv', 'letters.html'])(
  'what a kill cut off in %s is removed and issued again',
  async (file) => {
    const { at, activate, text, okta } = await stagedOrg(peopleCsv(3));
    await activate(`--links=${file}`, '--concurrency=1');
    const whole = text(file);
    writeFileSync(join(at.folder, file), whole.slice(0, -30));

    const again = await activate(`--links=${file}`);
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stderr).toContain(`${file}, which already listed 2 people. Whoever has`);

    const continued = text(file);
    for (const login of loginsTo(3)) expect(continued.split(login).length).toBe(whole.split(login).length);
    expect(okta.ledger.requests({ operation: 'reactivateUser' })).toBe(1);
  },
);

it.each([
  ['links.csv', 0],
  ['links.csv', 9],
  ['letters.html', 0],
  ['letters.html', 100],
])('%s of a process that was killed after %i bytes is begun again', async (file, bytes) => {
  const { at, activate, text } = await stagedOrg(peopleCsv(2));
  await activate(`--links=${file}`, '--concurrency=1');
  const whole = text(file);
  writeFileSync(join(at.folder, file), whole.slice(0, bytes));

  expect(await activate(`--links=${file}`)).toMatchObject({ exitCode: 0 });

  for (const login of loginsTo(2)) expect(text(file).split(login).length).toBe(whole.split(login).length);
});

it('a file that another process writes to is left alone', async () => {
  const { at, activate, okta } = await stagedOrg(peopleCsv(2));
  const lock = await takeLock(join(at.folder, 'links.csv.lock'), {
    subject: 'links.csv',
    runId: 'other',
    startedAt: '2026-11-24T02:00:00Z',
  });

  const refused = await activate('--links=links.csv');
  await lock.release();

  expect(refused).toMatchObject({ exitCode: 4 });
  expect(refused.stderr).toContain('links.csv is in use by process');
  expect(okta.ledger.links).toEqual([]);
  expect(await activate('--links=links.csv')).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(at.folder, 'links.csv.lock'))).toBe(false);
});

it('a late reissue ends no link in the file', async () => {
  const { okta, activate, text } = await stagedOrg(peopleCsv(1), {
    faults: [
      { on: 'activateUser', then: 'reset-after-commit', nth: 1 },
      { on: 'reactivateUser', then: 'commit-later', delayMs: 3000 / FASTER, nth: 1 },
    ],
  });

  expect(await activate('--links=links.csv')).toMatchObject({ exitCode: 0 });

  const [row] = parseCsv(text('links.csv'));
  expect(okta.ledger.links).toHaveLength(3);
  expect((await fetch(row?.['link'] ?? '')).status).toBe(200);
});

it('a file of somebody else is never overwritten', async () => {
  const { at, activate, text, okta } = await stagedOrg(peopleCsv(2));
  writeFileSync(join(at.folder, 'links.csv'), 'precious,data\n');

  const refused = await activate('--links=links.csv');

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('links.csv exists and was not written by --links');
  expect(text('links.csv')).toBe('precious,data\n');
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(0);
});

it('letters.html has one page a person with name, login, link and QR code, and markup in names is escaped', async () => {
  const { activate, text } = await stagedOrg(
    "login,email,firstName,lastName\nann@example.com,ann@example.com,<b>Ann</b>,O'Lee & Co\n",
  );

  expect(await activate('--links=letters.html')).toMatchObject({ exitCode: 0 });

  const html = text('letters.html');
  expect(html).toContain('&lt;b&gt;Ann&lt;/b&gt; O&#39;Lee &amp; Co');
  expect(html).not.toContain('<b>Ann');
  expect(html.match(/<article class="letter"/g)).toHaveLength(1);
  expect(html).toContain('<svg');
  expect(html).toContain('/tokens/');
});

it('the QR code of a letter leads to the link, which lets the person in', async () => {
  const { okta, activate, text } = await stagedOrg(peopleCsv(2));
  await activate('--links=letters.html');

  const letters = [...text('letters.html').matchAll(/<article.*?<\/article>/gs)].map(([letter]) => letter);
  const decoded = letters.map((letter) => decode(/<svg.*?<\/svg>/s.exec(letter)?.[0] ?? '') ?? '');

  expect(decoded).toHaveLength(2);
  expect(letters.map((letter) => /<p class="link">(.*?)<\/p>/.exec(letter)?.[1])).toEqual(decoded);
  for (const link of decoded) expect((await fetch(link, { method: 'POST' })).status).toBe(200);
  expect(okta.users().map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
});

it('the QR code of a long link can be read', () => {
  const link = `https://acme.okta.com/tokens/${'XE6wE17zmphl3KqAPFxO'.repeat(8)}/verify`;

  expect(decode(qrCode(link))).toBe(link);
});

it('a template of the admin is used, in the language of each person where there is a translation', async () => {
  const { at, activate, text } = await stagedOrg(
    'login,email,firstName,lastName,preferredLanguage\n' +
      'ann@example.com,ann@example.com,Ann,Lee,en\njana@example.com,jana@example.com,Jana,Kunz,de-AT\nomar@example.com,omar@example.com,Omar,Said,ar\n',
  );
  at.file('letter.liquid.html', '<h1>Welcome {{ firstName }}</h1>{{ qr | raw }}<p>{{ link }}</p>');
  at.file('letter.de.liquid.html', '<h1>Willkommen {{ firstName }}</h1><p>{{ link }} bis {{ expires }}</p>');
  at.file('letter.ar.liquid.html', '<h1>مرحبا {{ firstName }}</h1><p>{{ link }}</p>');

  expect(await activate('--links=letters.html', '--letter=letter.liquid.html')).toMatchObject({
    exitCode: 0,
  });

  const html = text('letters.html');
  expect(html).toContain('<h1>Welcome Ann</h1>');
  expect(html).toContain('<h1>Willkommen Jana</h1>');
  expect(html).toMatch(/lang="ar" dir="rtl">\n<h1>مرحبا Omar/);
});

it.each([
  ['{{ nickname }}', 'undefined variable: nickname'],
  ['{% if %}', 'is wrong'],
  ["{% include 'secret' %}", 'is wrong'],
])('a template with %s is an error before a link is issued', async (template, message) => {
  const { at, activate, okta } = await stagedOrg(peopleCsv(1));
  at.file('letter.liquid.html', template);

  const refused = await activate('--links=letters.html', '--letter=letter.liquid.html');

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain(message);
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(0);
  expect(existsSync(join(at.folder, 'letters.html'))).toBe(false);
});

it('a person who has a password gets a letter that says so, without the password', async () => {
  const { activate, text } = await stagedOrg(
    'login,email,firstName,lastName,password\nann@example.com,ann@example.com,Ann,Lee,Pw-of-2026\n',
  );

  expect(await activate('--links=letters.html')).toMatchObject({ exitCode: 0 });

  const html = text('letters.html');
  expect(html).toContain('You have been given a password already');
  expect(html).not.toContain('Pw-of-2026');
  expect(html).not.toContain('/tokens/');
});

it.each([
  [['--links=links.txt'], '--links takes a .csv file'],
  [['--letter=a.html'], '--letter needs --links letters.html'],
  [['--links=links.csv', '--letter=a.html'], '--letter needs --links letters.html'],
  [['--links=links.csv', '--link-days=0'], '--link-days takes a number of days'],
])('%j is a usage error', async (args, message) => {
  const { activate } = await stagedOrg(peopleCsv(1));

  const refused = await activate(...args);

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain(message);
});

it('a person who was activated, deleted or deactivated meanwhile gets no link, and the others do', async () => {
  let laterMs = 0;
  const now = (): number => Date.now() + laterMs;
  const { okta, activate, text } = await stagedOrg(peopleCsv(6), { now });
  const write = async (path: string, method = 'POST'): Promise<void> => {
    const headers = { authorization: `SSWS ${okta.token}`, accept: 'application/json' };
    expect((await fetch(`${okta.url}/api/v1/users/${path}`, { method, headers })).ok).toBe(true);
  };
  await write('p1@example.com/lifecycle/activate?sendEmail=false');
  await write('p2@example.com/lifecycle/deactivate');
  await write('p3@example.com/lifecycle/deactivate');
  await write('p3@example.com', 'DELETE');
  // A user who was activated a moment before counts as activated by the command, whose response may have been lost.
  laterMs = 60_000;

  const { exitCode, stderr } = await activate('--links=links.csv');

  expect({ exitCode }).toEqual({ exitCode: 1 });
  expect(stderr).toContain('The user no longer exists.');
  expect(stderr).toContain('The user was deactivated after the run, and is not reactivated.');
  expect(
    parseCsv(text('links.csv'))
      .map(({ login = '' }) => login)
      .toSorted(),
  ).toEqual([4, 5, 6].map(loginOf));
  expect(okta.ledger.mails).toEqual([]);
});

it('users whom Okta is still activating get their links', async () => {
  const { activate, text } = await stagedOrg(peopleCsv(3), { orgOptions: { searchLagMs: 60_000 } });

  expect(await activate('--links=links.csv')).toMatchObject({ exitCode: 0 });

  expect(parseCsv(text('links.csv')).every(({ link = '' }) => link.includes('/tokens/'))).toBe(true);
});

it('a file that cannot grow ends the activation, and running it again gives everyone one working link', async () => {
  const { okta, at, activate } = await stagedOrg(peopleCsv(12));
  const args = ['activate', 'it', '--links=letters.html', '--concurrency=2'];

  // In blocks of 512 bytes: enough for some of the letters.
  const full = await startCli(args, { at, env: orgSettings(okta), fileSizeLimit: 60 }).finished;

  expect({ exitCode: full.exitCode, stderr: full.stderr }).toMatchObject({ exitCode: 3 });
  expect(full.stderr).toMatch(/Cannot write the links to .*letters\.html: EFBIG/);
  expect(firstSignInsIn(at, 'letters.html').length).toBeLessThan(12);
  expect(await activate('--links=letters.html')).toMatchObject({ exitCode: 0 });
  const written = firstSignInsIn(at, 'letters.html');
  expect(written.map(({ login }) => login).toSorted()).toEqual(loginsTo(12).toSorted());
  for (const { link } of written) expect((await fetch(link)).status).toBe(200);
});

it('a folder that cannot be written to is named before a link is issued', async () => {
  const { okta, at, activate } = await stagedOrg(peopleCsv(1));
  const closed = join(at.folder, 'closed');
  mkdirSync(closed, { mode: 0o500 });
  // Root may write to all folders except those of the kernel.
  const folder = process.getuid?.() === 0 ? '/sys' : closed;

  const refused = await activate(`--links=${folder}/links.csv`);

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toMatch(/links\.csv\.lock: (EACCES|EROFS|EPERM)/);
  expect(okta.ledger.links).toEqual([]);
});

function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  return parse(text, { bom: true, columns: true });
}

/** Reads a QR code from the squares of its SVG image. */
function decode(svg: string): string | undefined {
  const width = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, left, top, size] of svg.matchAll(/M(\d+),(\d+)h(\d+)v\d+h-\d+z/g)) {
    for (let y = Number(top); y < Number(top) + Number(size); y += 1) {
      for (let x = Number(left); x < Number(left) + Number(size); x += 1) {
        pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
      }
    }
  }
  return jsqr.default(pixels, width, width)?.data;
}
