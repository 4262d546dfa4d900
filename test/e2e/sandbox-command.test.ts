import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { cli, startCli } from '../helpers/cli.js';
import { fixture, workplace } from '../helpers/workplace.js';

it.each(['SIGTERM', 'SIGINT'] as const)(
  'serves an org whose settings it prints, until it is stopped by %s',
  async (signal) => {
    const at = workplace();
    const running = startCli(['sandbox', '--port=0'], { at });
    const [firstWords] = (await once(running.process.stdout!, 'data')) as [Buffer];
    const env = Object.fromEntries(
      firstWords
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    );

    const imported = await cli(['import', fixture('cohort.csv'), '--run-id=it'], { at, env });
    const got = await cli(['get', 'kaethe.weissmueller'], { at, env });
    running.process.kill(signal);
    const stopped = await running.finished;

    expect(Object.keys(env)).toEqual(['OKTA_CLIENT_ORGURL', 'OKTA_CLIENT_TOKEN']);
    expect(imported).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(got.stdout)).toMatchObject({
      status: 'PROVISIONED',
      profile: { firstName: 'Käthe', streetAddress: 'Skalitzer Straße 118\nHinterhaus, 3. Stock' },
    });
    expect(stopped.exitCode).toBe(0);
    expect(stopped.stderr).toContain('It lives in memory');
  },
);

it('says so when its port is taken', async () => {
  const at = workplace();
  const running = startCli(['sandbox'], { at });
  const [firstWords] = (await once(running.process.stdout!, 'data')) as [Buffer];
  const port = /:(\d+)$/m.exec(firstWords.toString('utf8'))![1]!;

  const { exitCode, stderr } = await cli(['sandbox', '--port', port], { at });
  running.process.kill();
  await running.finished;

  expect(exitCode).toBe(2);
  expect(stderr).toContain(`Port ${port} cannot be listened on`);
  expect(stderr).toContain('--port');
});

it('has an app sign in with a key that it writes to a file, once', async () => {
  const at = workplace();
  const running = startCli(['sandbox', '--app-key=app.pem'], { at });
  const [firstWords] = (await once(running.process.stdout!, 'data')) as [Buffer];
  const env = at.file('app.env', firstWords);
  const who = await cli(['whoami', '--env-file', env, '--json'], { at });
  const again = await cli(['sandbox', '--app-key=app.pem'], { at });
  running.process.kill();
  await running.finished;

  expect(statSync(join(at.folder, 'app.pem')).mode & 0o777).toBe(0o600);
  expect(JSON.parse(who.stdout)).toMatchObject({
    signIn: { mode: 'PrivateKey', clientId: '0oaSandboxApp' },
    problem: null,
  });
  expect(who.exitCode).toBe(0);
  expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Name a new file') });
});
