import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { cli, orgSettings, startCli } from '../helpers/cli.js';
import { fastWaits } from '../helpers/fast-waits.js';
import { cli as cliInProcess } from '../helpers/in-process-cli.js';
import { interceptedOrg } from '../helpers/intercepted-org.js';
import { peopleCsv } from '../helpers/people.js';
import { openTerminal } from '../helpers/terminal.js';
import { workplace, type Workplace } from '../helpers/workplace.js';
import { PageClient } from '../page/page-client.js';
import { until } from '../helpers/until.js';

/** The page as its user starts it, and the address that it prints. */
async function startUi(args: readonly string[], at: Workplace, env?: ReturnType<typeof orgSettings>) {
  const org = env === undefined ? ['--sandbox'] : [];
  const running = startCli(['ui', '--port=0', ...org, ...args], { at, env: env ?? {} });
  const [printed] = (await once(running.process.stdout!, 'data')) as [Buffer];
  return { ...running, address: printed.toString('utf8').trim() };
}

it.each(['SIGTERM', 'SIGINT'] as const)('prints its address and runs until %s', async (signal) => {
  const ui = await startUi([], workplace());
  const client = await PageClient.enter(ui.address);
  const { org } = await client.state();
  ui.process.kill(signal);

  const { exitCode, stdout, stderr } = await ui.finished;

  expect(ui.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
  expect(org.kind).toBe('sandbox');
  expect(exitCode).toBe(0);
  expect(stdout).toBe(`${ui.address}\n`);
  expect(stderr).toContain('Open this address in a browser on this machine.');
});

it('ends with the button of the page, while a tab listens', async () => {
  const ui = await startUi([], workplace());
  const client = await PageClient.enter(ui.address);
  const events = client.events();
  await events.next();

  await client.json('POST', '/api/close', {});

  expect((await ui.finished).exitCode).toBe(0);
});

it('opens the file that is named', async () => {
  const at = workplace();
  const ui = await startUi([at.file('people.csv', 'login\nyuki@example.com\n')], at);
  const client = await PageClient.enter(ui.address);

  const { file } = await client.untilState((state) => state.file?.rows !== undefined);

  expect(file).toMatchObject({ name: 'people.csv', path: join(at.folder, 'people.csv'), rows: 1 });
  ui.process.kill('SIGTERM');
  expect((await ui.finished).exitCode).toBe(0);
});

it('fails when the file does not exist', async () => {
  const { exitCode, stdout, stderr } = await cli(['ui', '--sandbox', 'nowhere.csv'], { at: workplace() });

  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('nowhere.csv does not exist');
});

it('fails when its port is taken', async () => {
  const at = workplace();
  const ui = await startUi([], at);
  const { port } = new URL(ui.address);

  const { exitCode, stdout, stderr } = await cli(['ui', '--sandbox', '--port', port], { at });

  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(`Cannot listen on port ${port}`);
  expect(stderr).toContain('--port 0');
});

it('starts again on the same port, where the cookie of the browser is no longer valid', async () => {
  const at = workplace();
  const first = await startUi([], at);
  const before = await PageClient.enter(first.address);
  const { port } = new URL(first.address);
  first.process.kill('SIGKILL');
  await once(first.process, 'close');

  const second = await startUi([`--port=${port}`], at);

  expect(second.address).not.toBe(first.address);
  expect((await before.request('GET', '/api/state')).status).toBe(401);
  const again = await PageClient.enter(second.address);
  expect((await again.request('GET', '/api/state')).status).toBe(200);
});

it('writes the token and the cookie to no log and no file', async () => {
  const at = workplace();
  const ui = await startUi(['--verbose', '--log-format=json', '--log-file=log.ndjson'], at);
  const client = await PageClient.enter(ui.address);
  await client.state();
  await client.request('GET', `/nothing?token=${new URL(ui.address).searchParams.get('token')}`);
  await client.json('POST', '/api/close', {});

  const { stderr } = await ui.finished;

  const written = stderr + readFileSync(join(at.folder, 'log.ndjson'), 'utf8') + at.everyFileExcept();
  expect(written).not.toContain(new URL(ui.address).searchParams.get('token'));
  expect(written).not.toContain(client.cookie.split('=')[1]);
});

it('prints a new address when Enter is pressed, and ends with Ctrl-C', async () => {
  const at = workplace();
  const terminal = openTerminal(['ui', '--sandbox', '--no-open'], { at, columns: 120 });
  await terminal.shows(/Press Enter for a new address/);
  const [first = ''] = addresses(terminal.written());
  const browser = await PageClient.enter(first);

  terminal.type('\r');
  const { search } = new URL(first);
  await terminal.shows(new RegExp(String.raw`\?token=(?!${search.slice('?token='.length)})`));
  const second = addresses(terminal.written()).at(-1)!;

  expect(second).not.toBe(first);
  expect((await browser.request('GET', '/api/state')).status).toBe(200);
  expect(await (await PageClient.enter(second)).state()).toMatchObject({ org: { kind: 'sandbox' } });
  terminal.type('\u0003');
  expect(await terminal.exitCode).toBe(0);
});

/** A page that takes back a run of 20 users. All but the first few requests of it wait in the org. */
async function undoing() {
  const gate = new AbortController();
  const opened = once(gate.signal, 'abort').then(() => undefined);
  const openGate = () => gate.abort();
  let isGateClosed = false;
  let sent = 0;
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  onTestFinished(openGate);
  const org = await interceptedOrg(okta, ({ method }) => {
    if (!isGateClosed || method !== 'DELETE') return undefined;
    sent += 1;
    return sent > 3 ? opened : undefined;
  });
  const at = workplace();
  const env = orgSettings({ url: org.url, token: okta.token });
  const args = ['import', at.file('people.csv', peopleCsv(20)), '--run-id=it', '--quiet'];
  await cliInProcess(args, { at, env });
  isGateClosed = true;
  const ui = await startUi(['--concurrency=2'], at, env);
  const client = await PageClient.enter(ui.address);
  const { host } = new URL(org.url);
  await client.json('POST', '/api/runs/it/actions', { action: 'undo', org: host });
  await until(() => sent > 3);
  return { at, env, ui, client, okta, openGate };
}

describe('Ctrl-C during a run', () => {
  it('finishes the requests in flight, as in import, and the page shows it', async () => {
    const { at, env, ui, client, okta, openGate } = await undoing();

    ui.process.kill('SIGINT');
    const pausing = await client.untilState(({ run }) => run?.status === 'pausing');
    openGate();
    const { exitCode, stderr } = await ui.finished;

    expect(pausing.run).toMatchObject({ action: 'undo', runId: expect.any(String) as string });
    expect(exitCode).toBe(130);
    expect(stderr).toContain('Press Ctrl-C again to quit now');
    const remaining = okta.users().length;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThan(20);
    const undone = await cliInProcess(['undo', 'it', '--yes'], { at, env, clock: fastWaits });
    expect(undone.exitCode).toBe(0);
    expect(okta.users()).toEqual([]);
  });

  it('quits at once the second time, and loses nothing', async () => {
    const { at, env, ui, client, okta, openGate } = await undoing();

    ui.process.kill('SIGINT');
    await client.untilState(({ run }) => run?.status === 'pausing');
    ui.process.kill('SIGINT');
    const { exitCode } = await ui.finished;

    expect(exitCode).toBe(130);
    openGate();
    const undone = await cliInProcess(['undo', 'it', '--yes'], { at, env, clock: fastWaits });
    expect(undone.exitCode).toBe(0);
    expect(okta.users()).toEqual([]);
  });
});

function addresses(written: string): readonly string[] {
  return written.match(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/g) ?? [];
}
