import { once } from 'node:events';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { startHttpServer } from '../../src/http-server/http-server.js';
import { launchChromium } from '../browser/chromium.mjs';
import { startCli, type RunningCli } from '../helpers/cli.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

import { openInBrowser, screenProblems } from './open-browser-page.js';
import { pageScene } from './page-client.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function startUi(at: Workplace, port = '0'): Promise<RunningCli & { readonly address: string }> {
  const running = startCli(['ui', '--sandbox', '--port', port], { at });
  const [printed] = (await once(running.process.stdout!, 'data')) as [Buffer];
  return { ...running, address: printed.toString('utf8').trim() };
}

it('the address that was opened leaves no token in the address bar, the history and the page', async () => {
  const { server } = await pageScene();
  const page = await openInBrowser(browser, server.createAddress());

  expect(page.url()).toBe(`${server.url}/`);
  expect(await page.evaluate('history.length')).toBeLessThanOrEqual(2);
  expect(await page.evaluate('document.cookie + document.referrer')).toBe('');
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.content()).not.toContain('token');
});

it('a page on another port of this machine cannot read, frame, change or end the page, though the browser is signed in', async () => {
  const { server } = await pageScene();
  const page = await openInBrowser(browser, server.createAddress());
  const { cookies } = await page.context().storageState();
  const hostile = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    onError: (error) => expect.fail(String(error)),
    malformedRequestBody: () => '{}',
    handle: async (_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(hostilePage(server.url));
    },
  });
  onTestFinished(() => hostile.close());
  const context = await browser.newContext({ storageState: { cookies, origins: [] } });
  onTestFinished(() => context.close());
  const statuses: number[] = [];
  context.on('response', (response) => {
    if (response.url().startsWith(server.url)) statuses.push(response.status());
  });
  const elsewhere = await context.newPage();
  await elsewhere.goto(hostile.url);

  const read = await elsewhere.evaluate('attack()');

  expect(read).toEqual([]);
  expect(statuses.length).toBeGreaterThan(0);
  expect(statuses.filter((status) => status < 400)).toEqual([]);
  expect(server.closeRequested.aborted).toBe(false);
});

it('a name of another site that points to this machine shows nothing', async () => {
  const { server } = await pageScene();
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();

  const response = await page.goto(server.createAddress().replace('127.0.0.1', 'rebound.localhost'));

  expect(response?.status()).toBe(421);
});

it('two tabs show the same, and a notice appears in both', async () => {
  const { server } = await pageScene();
  const first = await openInBrowser(browser, server.createAddress());
  const second = await first.context().newPage();
  await second.goto(server.url);
  await second.getByRole('heading', { level: 1 }).waitFor();

  server.session.notify({ id: 'changed', severity: 'warning', message: 'The file has changed.' });

  for (const tab of [first, second]) await tab.getByText('The file has changed.').waitFor();
  expect(await screenProblems(first)).toEqual([]);
});

describe('a program that ends', () => {
  it('is said to be gone, and the page goes on when it is back and the new address was opened', async () => {
    const at = workplace();
    const ui = await startUi(at);
    const page = await openInBrowser(browser, ui.address);
    ui.process.kill('SIGKILL');
    await page.getByText('The program is not running.').waitFor();
    expect(await screenProblems(page)).toEqual([]);

    const again = await startUi(at, new URL(ui.address).port);
    await page.getByText('The program was restarted after this page was opened.').waitFor();
    const tab = await page.context().newPage();
    await tab.goto(again.address);

    await page.getByText('The program was restarted').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Quit' }).waitFor();
    expect(page.url()).toBe(tab.url());
  });

  it('ends by its button, and the page says how to start again', async () => {
    const ui = await startUi(workplace());
    const page = await openInBrowser(browser, ui.address);

    await page.getByRole('button', { name: 'Quit' }).click();

    await page.getByRole('heading', { name: 'The program has ended' }).waitFor();
    expect((await ui.finished).exitCode).toBe(0);
    expect(await screenProblems(page)).toEqual([]);
  });

  it('asks before it ends during a run', async () => {
    const { server } = await pageScene();
    const page = await openInBrowser(browser, server.createAddress());
    server.session.replaceRun({
      view: {
        runId: 'it',
        action: 'import',
        name: 'people.csv',
        org: 'acme.okta.com',
        isSandbox: false,
        isWorkbook: false,
        status: 'running',
        rows: 60,
        doneRows: 3,
        leftOut: 0,
        counts: { created: 3 },
        rowsPerMinute: 60,
        timeLeftMs: undefined,
        wait: undefined,
        requests: { sent: 3, rateLimited: 0 },
        failures: [],
        warnings: [],
        result: undefined,
      },
      ended: Promise.resolve(0),
      pause: () => {},
    });
    await page
      .getByRole('link', { name: 'Run', exact: true })
      .or(page.getByText('acme.okta.com'))
      .first()
      .waitFor();

    await page.getByRole('button', { name: 'Quit' }).click();
    await page.getByRole('dialog', { name: 'Quit during the run?' }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(server.closeRequested.aborted).toBe(false);
    await page.getByRole('button', { name: 'Quit' }).click();
    await page.getByRole('button', { name: 'Pause and quit' }).click();

    await page.getByRole('heading', { name: 'The program has ended' }).waitFor();
    expect(server.closeRequested.aborted).toBe(true);
  });
});

it('the messages of a refused browser are readable', async () => {
  const { server } = await pageScene();
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  for (const path of ['/', '/?token=used']) {
    await page.goto(server.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
  }
});

/** Tries everything that needs no permission; `attack` resolves to what it could read. */
function hostilePage(url: string): string {
  return `<!doctype html><title>Win a prize</title>
<iframe name="frame" src="${url}/"></iframe>
<form method="post" action="${url}/api/close" target="frame" enctype="text/plain"><input name="{}" value=""></form>
<script src="${url}/api/state"></script><img src="${url}/app.css">
<script>
async function attack() {
  const send = (path, options) => fetch('${url}' + path, { credentials: 'include', ...options }).then((response) => response.text());
  const json = { 'content-type': 'application/json' };
  const tries = [
    send('/api/state'),
    send('/api/close', { method: 'POST', body: '{}' }),
    send('/api/close', { method: 'POST', body: '{}', mode: 'no-cors' }),
    send('/api/close', { method: 'POST', body: '{}', headers: json }),
    send('/api/org', { method: 'PUT', body: '{}', headers: json }),
  ];
  const done = new Promise((resolve) => { document.querySelector('iframe').onload = resolve; });
  document.querySelector('form').submit();
  await done;
  const results = await Promise.allSettled(tries);
  return results.filter(({ value = '' }) => value !== '').map(({ value }) => value);
}
</script>`;
}
