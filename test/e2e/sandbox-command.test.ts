import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { cli, startCli } from '../helpers/cli.js';
import { fixture, workplace } from '../helpers/workplace.js';

it.each(['SIGTERM', 'SIGINT'] as const)('prints its settings and runs until %s', async (signal) => {
  const at = workplace();
  const running = startCli(['sandbox', '--port=0'], { at });
  const [firstOutput] = (await once(running.process.stdout!, 'data')) as [Buffer];
  const env = Object.fromEntries(
    firstOutput
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
  expect(stopped.stderr).toContain('in memory only');
});

it('fails when its port is taken', async () => {
  const at = workplace();
  const running = startCli(['sandbox'], { at });
  const [firstOutput] = (await once(running.process.stdout!, 'data')) as [Buffer];
  const port = /:(\d+)$/m.exec(firstOutput.toString('utf8'))![1]!;

  const { exitCode, stderr } = await cli(['sandbox', '--port', port], { at });
  running.process.kill();
  await running.finished;

  expect(exitCode).toBe(2);
  expect(stderr).toContain(`Cannot listen on port ${port}`);
  expect(stderr).toContain('--port');
});

it('registers a service app and writes its key to a file, but not over an existing one', async () => {
  const at = workplace();
  const running = startCli(['sandbox', '--app-key=app.pem'], { at });
  const [firstOutput] = (await once(running.process.stdout!, 'data')) as [Buffer];
  const env = at.file('app.env', firstOutput);
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

it('shows the share of the token as its limit, and finds a new user only after the lag', async () => {
  const at = workplace();
  const flags = ['--rate-limit=600', '--token-share=50', '--lag=600000'];
  const running = startCli(['sandbox', ...flags], { at });
  const [firstOutput] = (await once(running.process.stdout!, 'data')) as [Buffer];
  const orgUrl = /ORGURL=(.*)/.exec(firstOutput.toString('utf8'))![1]!;
  const profile = { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'Byron' };
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`${orgUrl}/api/v1/users${path}`, {
      ...init,
      headers: { authorization: 'SSWS sandbox-token', 'content-type': 'application/json' },
    });

  const created = await request('', { method: 'POST', body: JSON.stringify({ profile }) });
  const found = await request(`?search=${encodeURIComponent('profile.login eq "ada@example.com"')}`);
  const read = await request('/ada@example.com');
  running.process.kill();
  await running.finished;

  expect(created.headers.get('x-rate-limit-limit')).toBe('300');
  expect(await found.json()).toEqual([]);
  expect(read.status).toBe(200);
});
