import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { validate } from 'dockerfile-utils';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';

it('the Containerfile has no problem that a linter finds', () => {
  expect(validate(readFileSync('Containerfile', 'utf8')).map(({ message }) => message)).toEqual([]);
});

it('the container runs without root, and writes only to its volume', () => {
  const lines = readFileSync('Containerfile', 'utf8').split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  expect(last).toContain('USER 1000:1000');
  expect(last).toContain('VOLUME /data/reports');
  expect(last.findIndex((line) => line.startsWith('USER '))).toBeGreaterThan(
    last.findLastIndex((line) => line.startsWith('RUN ')),
  );
});

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

it('the steps of the container make a program that runs as another user with a read-only package', () => {
  const root = mkdtempSync(join(tmpdir(), 'container-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const data = join(root, 'data');
  mkdirSync(join(data, 'reports'), { recursive: true });
  // RUN npm pack
  const [packed] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', root], process.cwd()),
  ) as [{ filename: string }];
  // RUN npm install --global --ignore-scripts
  run(
    'npm',
    ['install', '--global', '--ignore-scripts', '--prefix', root, join(root, packed.filename)],
    root,
  );
  run('chmod', ['-R', 'a-w', join(root, 'lib')], root);
  run('chmod', ['a+rx', root], root);
  run('chown', ['-R', '1000:1000', data], root);
  // USER, WORKDIR, ENTRYPOINT
  const program = join(root, 'bin', 'okta-csv-import');
  const file = join(data, 'people.csv');
  execFileSync('sh', [
    '-c',
    `printf 'login,email,firstName,lastName\\na@example.com,a@example.com,A,B\\n' > ${file}`,
  ]);
  const output = execFileSync(program, ['import', 'people.csv', '--sandbox', '--json'], {
    cwd: data,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', CI: 'true' },
    uid: 1000,
    gid: 1000,
  });

  expect(JSON.parse(output)).toMatchObject({ counts: { created: 1 } });
  expect(readdirSync(join(data, 'reports'))).toHaveLength(1);
  run('chmod', ['-R', 'u+w', join(root, 'lib')], root);
});

it('npx runs the packed tarball', () => {
  const root = mkdtempSync(join(tmpdir(), 'npx-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', root], {
      encoding: 'utf8',
    }),
  ) as [{ filename: string }];

  const shown = execFileSync(
    'npx',
    ['--yes', `--package=${join(root, packed.filename)}`, 'okta-csv-import', '--version'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );

  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(shown).toBe(`${version}\n`);
});

it('the action for GitHub passes its arguments without running them, and gives its exit code', () => {
  const action = parse(readFileSync('action.yml', 'utf8')) as {
    readonly runs: { readonly steps: readonly { readonly run?: string }[] };
  };
  const script = action.runs.steps.flatMap(({ run }) => run ?? []).join('\n');
  const root = mkdtempSync(join(tmpdir(), 'action-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const npx = join(root, 'npx');
  execFileSync('sh', [
    '-c',
    `printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@" "$OKTA_CLIENT_TOKEN"\\nexit 3\\n' > ${npx}; chmod +x ${npx}`,
  ]);
  const output = join(root, 'output');

  const ran = execFileSync('bash', ['-c', `${script}\n`.replace('exit "$code"', 'true')], {
    encoding: 'utf8',
    env: {
      PATH: `${root}:${process.env['PATH']}`,
      ARGUMENTS: `sync 'my people.csv' --dataset staff "$(touch ${root}/owned)"`,
      VERSION: '1.2.3',
      INPUT_TOKEN: 't0ken',
      GITHUB_OUTPUT: output,
    },
  });

  expect(ran.split('\n')).toEqual([
    '--yes',
    'okta-csv-import@1.2.3',
    'sync',
    'my people.csv',
    '--dataset',
    'staff',
    `$(touch ${root}/owned)`,
    't0ken',
    '',
  ]);
  expect(readFileSync(output, 'utf8')).toBe('exit-code=3\n');
  expect(readdirSync(root)).not.toContain('owned');
});
