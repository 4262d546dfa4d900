import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { cli, startCli } from '../helpers/cli.js';
import { openTerminal } from '../helpers/terminal.js';
import { workplace, type Workplace } from '../helpers/workplace.js';
import { PageClient } from '../page/page-client.js';

/** The page as its user starts it, and the address that it prints. */
async function startUi(args: readonly string[], at: Workplace) {
  const running = startCli(['ui', '--sandbox', '--port=0', ...args], { at });
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

function addresses(written: string): readonly string[] {
  return written.match(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/g) ?? [];
}
