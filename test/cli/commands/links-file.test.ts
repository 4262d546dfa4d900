import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished, vi } from 'vitest';

import { takeLock } from '../../../src/journal/lock-file.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../../helpers/cli.js';
import { firstSignInsIn, signIn } from '../../helpers/first-sign-ins.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginsTo, peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';
import { forbidSecondMail } from '../../helpers/mails.js';
import { until } from '../../helpers/until.js';

const MAPPING = `profile: { login: login, email: email, firstName: firstName, lastName: lastName }
password: { generate: 16 }
`;

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly run: (...args: readonly string[]) => Promise<CliResult>;
  readonly path: (name: string) => string;
}

async function scene(): Promise<Scene> {
  const okta = await startSandbox({ seed: { users: [] }, rateLimits: { limits: 1_000_000 } });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  at.file('people.csv', peopleCsv(4));
  at.file('mapping.yaml', MAPPING);
  const env = orgSettings(okta);
  return {
    okta,
    at,
    run: (...args) => cli([...args, '--mapping=mapping.yaml'], { at, env }),
    path: (name) => join(at.folder, name),
  };
}

/** What may stand where the file is to be written, and how it is refused. */
const PLANTED: Readonly<Record<string, readonly [plant: (scene: Scene) => unknown, message: RegExp]>> = {
  'a link to a file': [
    ({ path }) => {
      writeFileSync(path('target'), '');
      symlinkSync(path('target'), path('links.csv'));
    },
    /Cannot write the links to .*links\.csv: ELOOP/,
  ],
  'a link that leads nowhere': [
    ({ path }) => symlinkSync(path('nothing'), path('links.csv')),
    /Cannot write the links to .*links\.csv: ELOOP/,
  ],
  'a folder': [({ path }) => mkdirSync(path('links.csv')), /Cannot write the links to .*links\.csv: EISDIR/],
  'a named pipe': [
    ({ path }) => execFileSync('mkfifo', [path('links.csv')]),
    /links\.csv exists and was not written by --links/,
  ],
  'a file of something else': [
    ({ path }) => writeFileSync(path('links.csv'), 'precious,data\n'),
    /links\.csv exists and was not written by --links/,
  ],
  'letters with the name of a table': [
    ({ path }) => writeFileSync(path('links.csv'), '<!doctype html><!-- okta-csv-import letters -->\n'),
    /links\.csv exists and was not written by --links/,
  ],
};

it.each(
  Object.keys(PLANTED).flatMap((what) => [
    [what, 'import'],
    [what, 'sync'],
  ]),
)(
  '%s in place of the file is refused by %s before anything is sent, and left as it is',
  async (what, command) => {
    const stage = await scene();
    const { okta, run, path } = stage;
    const [plant, message] = PLANTED[what]!;
    plant(stage);
    const before = statSync(path('links.csv'), { throwIfNoEntry: false });

    const dataset = command === 'sync' ? ['--dataset=staff'] : ['--run-id=it'];
    const { exitCode, stderr } = await run(command, 'people.csv', '--links=links.csv', ...dataset);

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toMatch(message);
    expect(okta.ledger.created).toEqual([]);
    const after = statSync(path('links.csv'), { throwIfNoEntry: false });
    expect([after?.ino, after?.size, after?.mode]).toEqual([before?.ino, before?.size, before?.mode]);
    expect(existsSync(path('nothing'))).toBe(false);
    // `stat` follows a link: its target is as it was.
    // Nothing to resume, and the lock is gone.
    expect(existsSync(path('reports/it'))).toBe(false);
    expect(existsSync(path('links.csv.lock'))).toBe(false);
  },
);

it('a file of another user is refused: its owner could read the passwords', async () => {
  const { okta, run, path } = await scene();
  await run('import', 'people.csv', '--links=links.csv', '--only=1');
  const before = readFileSync(path('links.csv'), 'utf8');
  const uid = process.getuid?.() ?? 0;
  const getuid = vi.spyOn(process, 'getuid').mockReturnValue(uid + 1);
  onTestFinished(() => getuid.mockRestore());

  const { exitCode, stderr } = await run('import', 'people.csv', '--links=links.csv', '--only=2');

  expect(exitCode).toBe(2);
  expect(stderr).toContain('links.csv belongs to another user, who could read what is written to it.');
  expect(readFileSync(path('links.csv'), 'utf8')).toBe(before);
  expect(okta.ledger.created).toHaveLength(1);
});

it.each(['no/such/folder/links.csv', 'people.csv/links.csv', '/proc/links.csv'])(
  '%s cannot be written, and nothing is sent',
  async (file) => {
    const { okta, run } = await scene();

    const { exitCode, stderr } = await run('import', 'people.csv', `--links=${file}`);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/Cannot (?:take the lock|write the links to) .*links\.csv/);
    expect(okta.ledger.created).toEqual([]);
  },
);

it('the imported file itself is not overwritten', async () => {
  const { okta, run, at, path } = await scene();
  const before = readFileSync(path('people.csv'), 'utf8');

  const { exitCode } = await run('import', 'people.csv', '--links=people.csv');

  expect(exitCode).toBe(2);
  expect(readFileSync(join(at.folder, 'people.csv'), 'utf8')).toBe(before);
  expect(okta.ledger.created).toEqual([]);
});

it('a file that others could read is closed to them before it is continued', async () => {
  const { okta, run, at, path } = await scene();
  await run('import', 'people.csv', '--links=links.csv', '--only=1-2');
  execFileSync('chmod', ['0666', path('links.csv')]);

  expect(await run('import', 'people.csv', '--links=links.csv', '--only=3-4')).toMatchObject({ exitCode: 0 });

  expect(statSync(path('links.csv')).mode & 0o777).toBe(0o600);
  const written = firstSignInsIn(at, 'links.csv');
  expect(written.map(({ login }) => login).toSorted()).toEqual(loginsTo(4));
  for (const person of written) expect(await signIn(okta, person)).toBe('PASSWORD_EXPIRED');
});

it.each(['deleted', 'replaced'])(
  'a file that is %s during the run ends it, and no password is lost',
  async (what) => {
    const { okta, run, at, path } = await scene();
    at.file('people.csv', peopleCsv(60));
    const hasBegun = (): boolean => okta.ledger.created.length >= 5 && existsSync(path('links.csv'));
    const interfered = until(hasBegun).then(() => {
      rmSync(path('links.csv'));
      if (what === 'replaced') writeFileSync(path('links.csv'), readFileSync(path('people.csv')));
    });

    const { exitCode, stderr } = await run(
      'import',
      'people.csv',
      '--links=links.csv',
      '--run-id=it',
      '--concurrency=2',
    );
    await interfered;

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 3 });
    expect(stderr).toMatch(/Stopped early: Cannot write the links to .*links\.csv/);
    expect(okta.ledger.created.length).toBeLessThan(60);
    rmSync(path('links.csv'), { force: true });
    const before = new Set(okta.ledger.created.map(({ login }) => login));
    const isDone = new Set(
      at.run('it').results.flatMap(({ login, status }) => (status === 'created' ? [login] : [])),
    );
    expect(await cli(['resume', 'it'], { at, env: orgSettings(okta) })).toMatchObject({ exitCode: 0 });
    const written = firstSignInsIn(at, 'links.csv');
    // Those who were lost with the file count as done; nobody who was created since, or was in doubt, is missing.
    expect(written).toHaveLength(60 - isDone.size);
    expect(before.size).toBeGreaterThanOrEqual(isDone.size);
    for (const person of written) expect(await signIn(okta, person)).toBe('PASSWORD_EXPIRED');
  },
);

it('two imports do not write to one file at the same time', async () => {
  const { okta, run, path } = await scene();
  const lock = await takeLock(path('links.csv.lock'), {
    subject: 'links.csv',
    runId: 'other',
    startedAt: '2026-11-24T02:00:00Z',
  });

  const refused = await run('import', 'people.csv', '--links=links.csv');
  await lock.release();

  expect(refused).toMatchObject({ exitCode: 4 });
  expect(refused.stderr).toContain('links.csv is in use by process');
  expect(okta.ledger.created).toEqual([]);
});
