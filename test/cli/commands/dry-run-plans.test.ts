import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { takeLock } from '../../../src/journal/lock-file.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginOf, loginsTo, peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly run: (...args: readonly string[]) => Promise<CliResult>;
}

async function scene(people: number, ...flags: readonly string[]): Promise<Scene> {
  const okta = await startSandbox({ seed: { users: [] }, rateLimits: { limits: 100_000 } });
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  at.file('people.csv', peopleCsv(people));
  const run: Scene['run'] = (...args) => cli(args, { at, env });
  await run('import', 'people.csv', '--run-id=it', '--quiet', ...flags);
  return { okta, at, run };
}

/** Every file with its content, and when it was changed. */
function filesOf({ at: { folder } }: Scene): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .toSorted()
      .map((name) => {
        const path = join(folder, name);
        const stats = statSync(path);
        return [name, `${stats.mtimeMs} ${stats.isFile() ? readFileSync(path, 'utf8') : ''}`];
      }),
  );
}

/** Runs a command that must change neither a file nor the org. */
async function readOnly(stage: Scene, ...args: readonly string[]): Promise<CliResult> {
  const { okta, run } = stage;
  const org = (): string => JSON.stringify([okta.users(), okta.ledger.mails, okta.ledger.links]);
  const before = { files: filesOf(stage), org: org() };
  const result = await run(...args);
  expect({ files: filesOf(stage), org: org() }).toEqual(before);
  return result;
}

it('undo --dry-run prints the plan and changes nothing', async () => {
  const stage = await scene(7);

  const { exitCode, stdout, stderr } = await readOnly(stage, 'undo', 'it', '--dry-run');

  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toContain('run it: 7 users that it created will be permanently deleted.');
  expect(stderr).toContain(`To be deleted: ${[7, 6, 5, 4, 3].map(loginOf).join(', ')}, and 2 more\n`);
  expect(stderr).not.toContain('--yes');
});

it('undo --dry-run --json prints the plan as JSON, also of a run that was undone', async () => {
  const stage = await scene(2);
  const plan = async (...args: readonly string[]): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await readOnly(stage, 'undo', 'it', '--dry-run', '--json', ...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  const none = { count: 0, logins: [] };
  const common = {
    run: 'it',
    org: stage.okta.url,
    losses: { credentials: none, activated: none, linksFiles: [] },
    restore: none,
    restoreStatus: 0,
    changed: none,
    restoredEarlier: 0,
  };

  expect(await plan('--quiet', '--force')).toEqual({
    ...common,
    remove: { count: 2, logins: [loginOf(2), loginOf(1)] },
    gone: 0,
    force: true,
  });
  await stage.run('undo', 'it', '--yes', '--quiet');
  expect(await plan('--quiet')).toEqual({ ...common, remove: none, gone: 2, force: false });
});

it('undo --dry-run of a sync leaves its data set as it is', async () => {
  const stage = await scene(1);
  await stage.run('sync', 'people.csv', '--dataset=staff', '--adopt-existing', '--run-id=night', '--quiet');

  const { exitCode, stderr } = await readOnly(stage, 'undo', 'night', '--dry-run');

  expect({ exitCode }).toEqual({ exitCode: 0 });
  expect(stderr).toContain('run night: there is nothing to undo.');
});

it('activate --dry-run prints how many emails would be sent, and changes nothing', async () => {
  const stage = await scene(30, '--no-activate');

  const { exitCode, stdout, stderr } = await readOnly(stage, 'activate', 'it', '--dry-run');

  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toContain('Activate 30 users of run it in');
  expect(stderr).toContain('30 emails (30 to example.com)');
  expect(stage.at.runIds()).toEqual(['it']);
});

it('activate --dry-run --json prints the plan as JSON', async () => {
  const stage = await scene(3, '--no-activate');
  const args = ['activate', 'it', '--dry-run', '--json', '--quiet', '--per-minute=1'];

  const { exitCode, stdout, stderr } = await readOnly(stage, ...args);

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    cohort: 'run it',
    org: stage.okta.url,
    users: 3,
    reissued: 0,
    mails: { mails: 3, domains: [{ domain: 'example.com', mails: 3 }], minutes: 2 },
    perMinute: 1,
    linksFile: null,
    waitingForStart: 0,
    nextStart: null,
    withoutStart: 0,
  });
});

it.each(['links.csv', 'letters.html'])(
  'activate --dry-run --links %s creates no file, and counts no one who is in it',
  async (file) => {
    const stage = await scene(3, '--no-activate');
    const { at, run } = stage;

    const before = await readOnly(stage, 'activate', 'it', '--dry-run', `--links=${file}`);
    expect(existsSync(join(at.folder, file))).toBe(false);
    await run('activate', 'it', `--links=${file}`, '--quiet');
    const after = await readOnly(stage, 'activate', 'it', '--dry-run', `--links=${file}`);
    const other = await readOnly(stage, 'activate', 'it', '--dry-run', `--links=other-${file}`);

    expect([before, after, other].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(before.stderr).toContain('Activate 3 users of run it');
    expect(before.stderr).toContain('no emails, the activation links are written to');
    expect(after.stderr).toContain('Activate 0 users of run it');
    expect(after.stderr).not.toContain('a new link');
    expect(other.stderr).toContain('3 users who were activated before get a new link');
  },
);

it.each([
  ['a file of something else', 'links.csv', 'precious,data\n', [], 'was not written by --links'],
  ['a template that is wrong', 'letter.liquid.html', '{% if %}', ['--letter=letter.liquid.html'], 'is wrong'],
])('activate --dry-run refuses %s, as the activation does', async (_title, name, text, more, message) => {
  const stage = await scene(1, '--no-activate');
  writeFileSync(join(stage.at.folder, name), text);
  const links = more.length > 0 ? 'letters.html' : name;

  const refused = await readOnly(stage, 'activate', 'it', '--dry-run', `--links=${links}`, ...more);

  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toContain(message);
});

it('activate --dry-run --dataset counts the staged members', async () => {
  const stage = await scene(0);
  stage.at.file('people.csv', peopleCsv(4));
  await stage.run('sync', 'people.csv', '--dataset=staff', '--no-activate', '--run-id=night', '--quiet');

  const { exitCode, stderr } = await readOnly(stage, 'activate', '--dataset=staff', '--dry-run');

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toContain('Activate 4 users of data set staff');
});

it.each(['undo', 'activate'])(
  '%s --dry-run does not wait for a process that works on the run',
  async (command) => {
    const stage = await scene(1, '--no-activate');
    const lock = await takeLock(join(stage.at.run('it').path, 'lock'), {
      subject: 'the run',
      runId: 'it',
      startedAt: '2026-11-24T02:00:00Z',
    });
    onTestFinished(() => lock.release());

    expect(await stage.run(command, 'it', '--dry-run')).toMatchObject({ exitCode: 0 });
    expect(stage.okta.users().map(({ profile }) => profile.login)).toEqual(loginsTo(1));
  },
);
