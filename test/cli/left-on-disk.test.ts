import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import { describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

async function sandbox(): Promise<Sandbox> {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  return okta;
}

describe('what a run leaves', () => {
  it.each(['000', '022', '077'])('is for its owner only, with a umask of %s', async (umask) => {
    const before = process.umask(umask);
    onTestFinished(() => void process.umask(before));
    const okta = await sandbox();
    const at = workplace();
    const env = orgSettings(okta);
    const file = at.file('people.csv', `${peopleCsv(3)}broken,,,\n`);
    await cli(['import', file, '--run-id', 'night'], { at, env });
    await cli(['verify', 'night'], { at, env });
    await cli(['undo', 'night', '--yes'], { at, env });
    await cli(['import', '-', '--run-id', 'piped'], { at, env, stdin: peopleCsv(1) });

    const reports = join(at.folder, 'reports');
    const entries = readdirSync(reports, { recursive: true, encoding: 'utf8' });
    expect(entries).toEqual(
      expect.arrayContaining([
        'night',
        'night/journal.ndjson',
        'night/failed.csv',
        'night-undo/results.csv',
        'piped/summary.json',
      ]),
    );
    const open = entries.flatMap((name) => {
      const { mode } = statSync(join(reports, name));
      const isForOwnerOnly = (mode & 0o077) === 0;
      return isForOwnerOnly ? [] : [`${name} ${(mode & 0o777).toString(8)}`];
    });
    expect(open).toEqual([]);
  });

  it('has no cell that a spreadsheet would run, whatever the names', async () => {
    const okta = await sandbox();
    const at = workplace();
    const env = orgSettings(okta);
    const evil = ['=HYPERLINK("http://x.example")', '+1+cmd', '-2+3', '@SUM(A1)', '\t=1', '＝1'];
    const lines = evil.flatMap((name, index) => [
      `e${index}@example.com,e${index}@example.com,"${name.replaceAll('"', '""')}",Family`,
      `"${name.replaceAll('"', '""')}",bad${index},"${name.replaceAll('"', '""')}",Family`,
    ]);
    const file = at.file('people.csv', `login,email,firstName,lastName\n${lines.join('\n')}\n`);
    await cli(['import', file, '--run-id', 'night'], { at, env });
    const listed = await cli(['list', '--format', 'csv'], { at, env });
    await cli(['undo', 'night', '--yes'], { at, env });

    const written = ['night/results.csv', 'night/failed.csv', 'night-undo/results.csv'].map((name) =>
      readFileSync(join(at.folder, 'reports', name), 'utf8'),
    );
    for (const csv of [...written, listed.stdout]) {
      const cells = parse(csv, { bom: true }).flat();
      expect(cells.length).toBeGreaterThan(10);
      expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    }
    expect(listed.stdout).toContain(`"'=HYPERLINK(""http://x.example"")"`);
  });
});

describe('a run ID', () => {
  it.each(['../outside', '/tmp/outside', '..', 'a/../../outside', '.hidden', 'nul'])(
    '%j does not lead out of the reports folder: exit 2, and nothing is made or sent',
    async (id) => {
      const okta = await sandbox();
      const at = workplace();
      const file = at.file('people.csv', peopleCsv(1));
      const before = readdirSync(at.folder);
      const { exitCode, stderr } = await cli(['import', file, '--run-id', id], {
        at,
        env: orgSettings(okta),
      });

      expect(exitCode).toBe(2);
      expect(stderr).toContain('is not a valid folder name');
      expect(readdirSync(at.folder)).toEqual(before);
      expect(okta.ledger.requests({ operation: 'createUser' })).toBe(0);
    },
  );

  it.each([
    ['resume', '../../etc'],
    ['verify', '..'],
    ['undo', 'no\nsuch\u001b[31mrun'],
  ])('of %s that does not exist is reported on one line of plain text: %j', async (command, run) => {
    const at = workplace();
    const { exitCode, stderr } = await cli([command, run], {
      at,
      env: { OKTA_CLIENT_ORGURL: 'http://127.0.0.1:9', OKTA_CLIENT_TOKEN: 'x' },
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('does not exist: no journal');
    expect(stderr).not.toContain('\u001b');
  });
});
