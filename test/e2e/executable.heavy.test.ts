import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { sheetRows, workbook } from '../csv/build-workbook.js';
import { commandsIn } from '../helpers/commands.js';
import { orgSettings } from '../helpers/cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

/** A copy outside of this folder: it must not find any file of the package. */
const elsewhere = mkdtempSync(join(tmpdir(), 'executable-'));
const program = join(elsewhere, 'okta-csv-import');
beforeAll(() => {
  execFileSync(process.execPath, ['scripts/executable.mjs'], { stdio: 'ignore' });
  copyFileSync('executable/okta-csv-import', program);
});
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

/** @returns what it prints on stdout. */
async function run(
  at: Workplace,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { cwd: at.folder, env: { HOME: at.folder, TMPDIR: at.temporary, CI: 'true', ...env } };
  return (await promisify(execFile)(program, args, options)).stdout;
}

it('the single-file program has every command, without Node and without its package', async () => {
  const at = workplace();
  const commands = commandsIn(await run(at, ['--help']));

  expect(commands.length).toBeGreaterThan(14);
  for (const command of commands) {
    expect(await run(at, [command, '--help'])).toContain(`okta-csv-import ${command}`);
  }
});

it('the single-file program imports, reports, verifies and undoes', async () => {
  const okta = await startSandbox({ rateLimits: { limits: 100_000 } });
  onTestFinished(() => okta.close());
  const env = orgSettings(okta);
  const at = workplace();
  at.file('people.csv', peopleCsv(3));

  await run(at, ['import', 'people.csv', '--run-id=it', '--if-exists=update', '--quiet'], env);
  await run(at, ['report', 'it'], env);
  await run(at, ['verify', 'it'], env);
  expect(await run(at, ['list'], env)).toContain('@example.com');
  expect(readFileSync(join(at.folder, 'reports/it/report.html'), 'utf8')).toContain('<script');
  await run(at, ['sync', 'people.csv', '--dataset=staff', '--adopt-existing', '--quiet'], env);
  expect(await run(at, ['datasets', '--json'], env)).toContain('"members": 3');
  await run(at, ['undo', 'it', '--yes', '--quiet'], env);

  expect(okta.users()).toEqual([]);
});

it('the single-file program has the packages that only some files need', async () => {
  const at = workplace();
  const cells = ['login', 'email', 'firstName', 'lastName', 'Phone'];
  const rows = sheetRows([cells, ['ada@example.com', 'ada@example.com', 'Ådå', 'Öz', '030 1234567']]);
  at.file('people.xlsx', workbook({ rows }));
  at.file(
    'mapping.yaml',
    `profile: { login: login, email: email, firstName: '{{ firstName | transliterate }}', lastName: lastName, mobilePhone: { column: Phone, e164: DE } }\n`,
  );

  const checked = await run(at, ['validate', 'people.xlsx', '--mapping=mapping.yaml', '--json']);

  expect(JSON.parse(checked)).toMatchObject({ counts: { valid: 1 } });
  expect(
    await run(at, ['validate', 'people.xlsx', '--mapping=preset:okta', '--ignore-columns=Phone', '--json']),
  ).toContain('"valid": 1');
});

it('the single-file program serves the sandbox', async () => {
  const at = workplace();
  const server: ChildProcess = spawn(program, ['sandbox'], {
    cwd: at.folder,
    env: { HOME: at.folder, TMPDIR: at.temporary },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(async () => {
    server.kill();
    await once(server, 'exit');
  });
  let settings = '';
  for await (const chunk of server.stdout!) {
    settings += String(chunk);
    if (settings.includes('TOKEN=')) break;
  }
  const env = Object.fromEntries(
    [...settings.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
  );

  expect(await run(at, ['get', 'me'], env)).toContain('"status": "ACTIVE"');
});

it('the single-file program serves the local page', async () => {
  const at = workplace();
  const server: ChildProcess = spawn(program, ['ui', '--sandbox', '--no-open'], {
    cwd: at.folder,
    env: { HOME: at.folder, TMPDIR: at.temporary },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(async () => {
    server.kill();
    await once(server, 'exit');
  });
  let address = '';
  for await (const chunk of server.stdout!) {
    address += String(chunk);
    if (address.includes('\n')) break;
  }
  const opened = await fetch(address.trim(), { redirect: 'manual' });
  const cookie = opened.headers
    .getSetCookie()
    .map((each) => each.split(';')[0]!)
    .join('; ');
  const fetched = async (path: string): Promise<string> =>
    (await fetch(new URL(path, address.trim()), { headers: { cookie } })).text();

  expect(await fetched('/')).toContain('<script src="/app.js"');
  expect((await fetched('/app.js')).length).toBeGreaterThan(10_000);
  expect(await fetched('/app.css')).toContain('{');
});

it('the manual page has every command and every exit code, and nothing but known requests', async () => {
  const page = readFileSync('dist/okta-csv-import.1', 'utf8');
  const at = workplace();

  for (const command of commandsIn(await run(at, ['--help']))) expect(page).toContain(`\n.SS ${command}\n`);
  expect(page).toMatch(/\n0 {2}all rows succeeded\n/);
  const requests = new Set(page.match(/^[.'].\w*/gm));
  expect([...requests].toSorted()).toEqual(['.B', '.I', '.SH', '.SS', '.TH', '.fi', '.nf']);
});
