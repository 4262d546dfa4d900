import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { describe, expect, it, onTestFinished } from 'vitest';

import { orgSettings, startCli } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { recordedOrg } from '../helpers/recorder.js';
import { fixture, workplace, type Workplace } from '../helpers/workplace.js';

function metricsIn(at: Workplace, name = 'm.prom'): Record<string, string> {
  const families = parsePrometheusTextFormat(readFileSync(join(at.folder, name), 'utf8'));
  return Object.fromEntries(
    families.flatMap((family) =>
      family.metrics.map(({ labels, value }) => [
        family.name.replace('okta_csv_import_', '') +
          (labels?.['status'] === undefined ? '' : `.${labels['status']}`),
        value,
      ]),
    ),
  );
}

describe('--metrics-file', () => {
  it('has the results of the run', async () => {
    const at = workplace();
    const { exitCode } = await cli(
      ['import', fixture('cohort-with-mistakes.csv'), '--sandbox', '--metrics-file=m.prom'],
      { at },
    );

    expect(exitCode).toBe(1);
    expect(metricsIn(at)).toMatchObject({
      running: '0',
      exit_code: '1',
      records: '25',
      'rows.created': '11',
      'rows.invalid': '12',
      'rows.failed': '2',
      requests_sent: expect.stringMatching(/^\d+$/),
    });
    expect(metricsIn(at)).not.toHaveProperty('last_success_timestamp_seconds');
    expect(readdirSync(at.folder).filter((name) => name.includes('prom'))).toEqual(['m.prom']);
  });

  it('is written even if the settings are wrong, and keeps the time of the last success', async () => {
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(2));
    await cli(['import', file, '--sandbox', '--metrics-file=m.prom'], { at });
    const before = metricsIn(at);
    const { exitCode } = await cli(['import', file, '--metrics-file=m.prom'], { at });
    const after = metricsIn(at);

    expect(before['exit_code']).toBe('0');
    expect(exitCode).toBe(2);
    expect(after).toMatchObject({
      running: '0',
      exit_code: '2',
      last_success_timestamp_seconds: before['last_success_timestamp_seconds'],
    });
    expect(after).not.toHaveProperty('records');
  });

  it('tells a night that finished with bad rows from one that did not finish', async () => {
    const at = workplace();
    const good = at.file('good.csv', peopleCsv(2));
    const bad = at.file('bad.csv', `${peopleCsv(2)}x,,,\n`);
    await cli(['import', good, '--sandbox', '--metrics-file=m.prom'], { at });
    const { last_success_timestamp_seconds: success } = metricsIn(at);

    expect(await cli(['import', bad, '--sandbox', '--metrics-file=m.prom'], { at })).toMatchObject({
      exitCode: 1,
    });

    const after = metricsIn(at);
    expect(after).toMatchObject({ bad_rows: '1', exit_code: '1', last_success_timestamp_seconds: success });
    expect(Number(after['last_finished_timestamp_seconds'])).toBeGreaterThan(Number(success));
  });

  it('exists while the run is in progress', async () => {
    const org = await recordedOrg();
    const hold = org.holdCreatesAfter(2);
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(20));
    const running = startCli(['import', file, '--metrics-file=m.prom'], { at, env: orgSettings(org) });
    await hold.waiting(1);

    expect(metricsIn(at)['running']).toBe('1');
    expect(metricsIn(at)).not.toHaveProperty('exit_code');
    running.process.kill('SIGINT');
    hold.release();
    await running.finished;
    expect(metricsIn(at)).toMatchObject({ running: '0', exit_code: '130' });
  });

  it('that cannot be written causes a warning only', async () => {
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(2));
    const { exitCode, stderr } = await cli(['import', file, '--sandbox', '--metrics-file=no/m.prom'], { at });

    expect(exitCode).toBe(0);
    expect(stderr.match(/Cannot write the metrics file no\/m\.prom/g)).toHaveLength(1);
    expect(stderr).toContain('2 created');
  });
});

interface Ping {
  readonly path: string;
  readonly body: string;
}

async function healthchecks(status = 200): Promise<{ url: string; pings: Ping[] }> {
  const pings: Ping[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      pings.push({ path: `${request.method} ${request.url}`, body });
      response.writeHead(status).end('OK');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/s3cr3t-id`, pings };
}

describe('--heartbeat', () => {
  it.each([
    { args: ['--sandbox'], exitCode: 0, words: '3 rows, 3 created.' },
    { args: ['--sandbox', '--quiet'], exitCode: 0, words: '3 rows, 3 created.' },
    { args: [], exitCode: 2, words: 'The org URL is missing' },
    { args: ['--sandbox', '--delimiter=;'], exitCode: 2, words: 'The delimiter is probably wrong' },
    { args: ['--nonsense'], exitCode: 2, words: 'Unknown flag --nonsense.' },
  ])('reports the start and the end of an import with $args', async ({ args, exitCode, words }) => {
    const { url, pings } = await healthchecks();
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(3));
    const result = await cli(['import', file, ...args, `--heartbeat=${url}/?rid=1`, '--log-file=run.log'], {
      at,
    });

    expect(result.exitCode).toBe(exitCode);
    expect(pings.map(({ path }) => path)).toEqual([
      'POST /ping/s3cr3t-id/start?rid=1',
      `POST /ping/s3cr3t-id/${exitCode}?rid=1`,
    ]);
    expect(pings[1]!.body).toContain(words);
    expect(result.stderr + at.everyFileExcept('people.csv')).not.toContain('s3cr3t-id');
  });

  it('uses the proxy of the environment', async () => {
    const { url, pings } = await healthchecks();
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const target = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(target).pipe(socket);
      });
      socket.on('error', () => target.destroy());
      target.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(2));
    const env = { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    const { exitCode } = await cli(['validate', file, `--heartbeat=${url}`], { at, env });

    expect(exitCode).toBe(0);
    expect(pings).toHaveLength(2);
    expect(tunnels).toContain(new URL(url).host);
  });

  it('sends at most 10 kB, and no partial characters', async () => {
    const { url, pings } = await healthchecks();
    const at = workplace();
    // 20 causes with three examples each, and long names.
    const rows = Array.from(
      { length: 80 },
      (_, row) => `${'ü'.repeat(90)}${row}@x,a@b.c,${'ß'.repeat(60 + (row % 20))},F`,
    );
    const file = at.file('people.csv', `login,email,firstName,lastName\n${rows.join('\n')}\n`);
    await cli(['import', file, '--sandbox', `--heartbeat=${url}`], { at });

    const { body } = pings.at(-1)!;
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(10_000);
    expect(body).not.toContain('\uFFFD');
    expect(body).toContain('80 invalid');
  });

  it.each([
    { status: 500, attempts: 6, message: 'not delivered: status 500' },
    { status: 404, attempts: 2, message: 'not delivered: status 404' },
    { status: 302, attempts: 2, message: 'not delivered: status 302' },
  ] as const)('warns about status $status without the URL', async ({ status, attempts, message }) => {
    const { url, pings } = await healthchecks(status);
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(2));
    const { exitCode, stderr } = await cli(['import', file, '--sandbox', `--heartbeat=${url}`], { at });

    expect(exitCode).toBe(0);
    expect(pings).toHaveLength(attempts);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('s3cr3t-id');
  });

  it.each([
    'nonsense',
    'http://example.com/s3cr3t-id',
    'https://me:s3cr3t-id@example.com/',
    'ftp://example.com/s3cr3t-id',
  ])('rejects %s without quoting it', async (url) => {
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(1));
    const { exitCode, stderr } = await cli(['import', file, '--sandbox', '--heartbeat', url], { at });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('--heartbeat must be');
    expect(stderr).not.toContain('s3cr3t-id');
    expect(stderr).not.toContain('nonsense');
  });
});
