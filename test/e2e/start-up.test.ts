import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';

import { CLI } from '../helpers/cli.js';
import { tempFolder } from '../engine/build.js';

/** Prints the files of packages that were loaded from node_modules. */
const PRINT_LOADED = `data:text/javascript,${encodeURIComponent(`
  import { Module } from 'node:module';
  process.on('exit', () => {
    const loaded = Object.keys(Module._cache).filter((path) => path.includes('node_modules'));
    process.stdout.write('\\nloaded: ' + loaded.join(' '));
  });
`)}`;

it.each([
  ['validate', []],
  ['import', ['--sandbox', '--yes']],
])('%s of a plain CSV file loads no package from node_modules', async (command, flags) => {
  const reports = join(await tempFolder(), 'reports');
  const args = [CLI, command, 'fixtures/cohort.csv', ...flags, '--reports', reports];
  const stdout = execFileSync(process.execPath, ['--import', PRINT_LOADED, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(stdout).toMatch(/\nloaded: $/);
});

it('a program that was copied without its package says so instead of starting', async () => {
  const folder = await tempFolder();
  cpSync(dirname(CLI), join(folder, 'dist'), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'dist', 'cli.js'), '--version'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(status).toBe(1);
  expect(stderr).toContain('package.json is missing. Install the whole package');
});
