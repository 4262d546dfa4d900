import { execFile, execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { CLI, orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

interface Setting {
  readonly at: Workplace;
  readonly env: Readonly<Record<string, string>>;
  /** The path of the CSV file. */
  readonly file: string;
  /** A file of another user. */
  readonly victim: string;
}

async function setting(): Promise<Setting> {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  at.file('victim.txt', 'precious');
  return {
    at,
    env: orgSettings(okta),
    file: at.file('people.csv', peopleCsv(2)),
    victim: join(at.folder, 'victim.txt'),
  };
}

it.each(['results.csv', 'summary.json.part'])(
  'undo does not write through a link that was put where its %s will be',
  async (name) => {
    const { at, env, file, victim } = await setting();
    await cli(['import', file, '--run-id=it'], { at, env });
    const folder = join(at.folder, 'reports', 'it-undo');
    mkdirSync(folder);
    symlinkSync(victim, join(folder, name));

    const undone = await cli(['undo', 'it', '--yes'], { at, env });

    expect(undone.exitCode).toBe(0);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(at.run('it-undo').results).toHaveLength(2);
    expect(statSync(join(folder, 'results.csv')).mode & 0o777).toBe(0o600);
  },
);

it('undo rejects a folder that is a link to another one, and deletes no user', async () => {
  const { at, env, file } = await setting();
  await cli(['import', file, '--run-id=it'], { at, env });
  mkdirSync(join(at.folder, 'elsewhere'));
  symlinkSync(join(at.folder, 'elsewhere'), join(at.folder, 'reports', 'it-undo'));

  const { exitCode, stderr } = await cli(['undo', 'it', '--yes'], { at, env });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('reports/it-undo is a link, not a folder.');
  expect(await cli(['verify', 'it'], { at, env })).toMatchObject({ exitCode: 0 });
});

it('--log-file does not write through a link, and names it: exit 2', async () => {
  const { at, env, file, victim } = await setting();
  symlinkSync(victim, join(at.folder, 'run.log'));

  const { exitCode, stderr } = await cli(['import', file, '--log-file=run.log'], { at, env });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('The log file run.log is a link.');
  expect(readFileSync(victim, 'utf8')).toBe('precious');
});

it('--log-file may be a device that is a link, such as /dev/stdout', async () => {
  const { at, env, file } = await setting();
  const command = `"$NODE" "$CLI" import ${file} --log-file=/dev/stdout | cat`;

  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], {
    cwd: at.folder,
    env: { ...env, PATH: process.env['PATH'], NODE: process.execPath, CLI, TMPDIR: at.temporary },
  });

  expect(stdout).toContain('"event":"run.ended"');
});

it('--metrics-file neither writes through a link nor replaces it, and the run continues with a warning', async () => {
  const { at, env, file, victim } = await setting();
  symlinkSync(victim, join(at.folder, 'run.prom'));

  const { exitCode, stderr } = await cli(['import', file, '--metrics-file=run.prom'], { at, env });

  expect(exitCode).toBe(0);
  expect(stderr).toContain('Cannot write the metrics file run.prom: it is a link');
  expect(readFileSync(join(at.folder, 'run.prom'), 'utf8')).toBe('precious');
});

it('--metrics-file does not replace a pipe, nor wait for its writer', async () => {
  const { at, env, file } = await setting();
  const path = join(at.folder, 'run.prom');
  execFileSync('mkfifo', [path]);

  const { exitCode, stderr } = await cli(['import', file, '--metrics-file=run.prom'], { at, env });

  expect(exitCode).toBe(0);
  expect(stderr).toContain('Cannot write the metrics file run.prom: it is not a regular file');
  expect(lstatSync(path).isFIFO()).toBe(true);
});

it('--env-file that is a pipe is refused, instead of waiting for its writer', async () => {
  const { at, env, file } = await setting();
  execFileSync('mkfifo', [join(at.folder, 'org.env')]);

  expect(await cli(['import', file, '--env-file=org.env'], { at, env })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('org.env is a pipe or a device, not a file.'),
  });
});

it.each(['OKTA_CLIENT_TOKENFILE', 'okta.yaml'])(
  'a pipe in place of the file of %s does not hang the program: exit 2, and the pipe is named',
  async (where) => {
    const { at, file } = await setting();
    const name = where === 'okta.yaml' ? where : 'secret';
    execFileSync('mkfifo', [join(at.folder, name)]);
    const env = {
      OKTA_CLIENT_ORGURL: 'http://127.0.0.1:9',
      ...(where === 'okta.yaml' ? { OKTA_CLIENT_TOKEN: 'x' } : { [where]: name }),
    };

    const { exitCode, stderr } = await cli(['import', file], { at, env });

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(new RegExp(`${name}.* is a pipe or a device, not a file`));
  },
);

it('only the owner can read the reports folder, whatever the umask', async () => {
  const { at, env, file } = await setting();
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));

  await cli(['import', file, '--reports=deep/reports', '--run-id=it'], { at, env });

  for (const path of ['deep', 'deep/reports', 'deep/reports/it']) {
    expect(statSync(join(at.folder, path)).mode & 0o777).toBe(0o700);
  }
});

it('a file in place of the lock folder is rejected before anything is sent, with a hint', async () => {
  const { at, env, file } = await setting();
  const locks = join(at.temporary, `okta-csv-import-${process.getuid?.()}`);
  writeFileSync(locks, '');

  const { exitCode, stderr } = await cli(['import', file], { at, env });

  expect(exitCode).toBe(2);
  expect(stderr).toContain(`The folder of locks ${locks} is a link or a file`);
});
