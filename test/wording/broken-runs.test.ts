import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { sealLine, unsealLine } from '../../src/journal/line-seal.js';
import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

it('runs with damaged files or folders', async () => {
  const transcript = new Transcript();
  const { env, okta } = await sandboxOrg();
  const at = workplace();
  const command = (title: string, args: readonly string[], more: object = {}) =>
    transcript.command(title, args, { at, env, ...more });
  const file = at.file('people.csv', peopleCsv(2));
  const folder = (run: string): string => join(at.folder, 'reports', run);
  const damage = (run: string, change: (journal: string) => string): void => {
    mkdirSync(folder(run), { recursive: true });
    const journal = readFileSync(join(folder('it'), 'journal.ndjson'), 'utf8');
    writeFileSync(join(folder(run), 'journal.ndjson'), change(journal));
  };

  await command('an import', ['import', file, '--run-id=it', '--concurrency=1']);
  await command('a run ID that exists', ['import', file, '--run-id=it']);
  await command('an empty run ID', ['report', '']);
  symlinkSync(folder('it'), folder('link'));
  await command('a link to a run', ['report', 'link']);
  writeFileSync(join(folder('it'), 'lock'), holder('it'));
  await command('ERR_LOCKED: a run that is in use', ['resume', 'it']);
  rmSync(join(folder('it'), 'lock'));
  mkdirSync(join(folder('it'), 'lock'));
  await command('a lock that cannot be acquired', ['resume', 'it']);
  rmSync(join(folder('it'), 'lock'), { recursive: true });

  damage('first-line', (journal) => journal.split('\n').slice(1).join('\n'));
  await command('a journal without its first line', ['report', 'first-line']);
  damage('version', (journal) => {
    const line = unsealLine(journal.split('\n')[0] ?? '') ?? '';
    return `${sealLine(line.replace('"journal":2', '"journal":9'), 1)}\n`;
  });
  await command('a journal of another version', ['report', 'version']);
  damage('middle', (journal) => journal.replace('"type":"attempt"', '"type:"attempt"'));
  await command('report of a journal with a damaged line', ['report', 'middle']);
  await command('resume of it', ['resume', 'middle']);
  await command('verify of it', ['verify', 'middle']);
  await command('undo of it, without --yes', ['undo', 'middle']);
  damage('empty', () => '{');
  await command('a journal without a complete line', ['report', 'empty']);

  damage('doubt', (journal) => withoutOutcomes(journal));
  await command('undo of a run with an unknown outcome', ['undo', 'doubt', '--yes']);
  await command('activate of a run with an unknown outcome', ['activate', 'doubt']);
  await command('verify of a run with an unknown outcome', ['verify', 'doubt']);
  await command('report of a run with an unknown outcome', ['report', 'doubt']);
  rmSync(join(folder('it'), 'summary.json'));
  writeFileSync(join(folder('it'), 'results.csv'), '');
  await command('report of a run without its summary', ['report', 'it']);
  rmSync(join(folder('it'), 'failed.csv'));
  await command('report of a run without failed.csv', ['report', 'it']);
  at.file('people.csv', peopleCsv(3));
  rmSync(join(folder('it'), 'failed.csv'));
  await command('report of a run whose file has changed', ['report', 'it']);
  rmSync(join(at.folder, file));
  await command('report of a run whose file is gone', ['report', 'it']);
  at.file('people.csv', peopleCsv(2));
  writeFileSync(join(folder('it'), 'lock'), holder('it'));
  await command('report of a run in progress', ['report', 'it']);
  rmSync(join(folder('it'), 'lock'));
  await command('undo', ['undo', 'it', '--yes', '--concurrency=1']);
  await command('undo of an undo', ['undo', 'it-undo', '--yes']);
  await command('a run from standard input', ['import', '-', '--run-id=piped', '--only=1'], {
    stdin: peopleCsv(2),
  });
  await command('resume of it', ['resume', 'piped']);
  rmSync(join(folder('piped'), 'failed.csv'), { force: true });
  await command('report of it', ['report', 'piped']);
  damage('blocked', (journal) => journal);
  mkdirSync(join(folder('blocked'), 'results.csv'));
  await command('ERR_REPORT: results that cannot be written', ['report', 'blocked']);
  rmSync(join(folder('it'), 'report.html'));
  mkdirSync(join(folder('it'), 'report.html'));
  await command('a page that cannot be written', ['report', 'it']);
  expect(okta.users().length).toBeLessThan(10);

  await expect(transcript.text).toMatchFileSnapshot('snapshots/broken-runs.txt');
});

it('commands without a port or a file that they need', async () => {
  const transcript = new Transcript();
  const { okta } = await sandboxOrg({ seed: demoSeed });
  const at = workplace();
  at.file('key.pem', 'there already\n');
  const { port } = new URL(okta.url);

  await transcript.command('a port that is in use', ['sandbox', `--port=${port}`], { at });
  await transcript.command('a key file that already exists', ['sandbox', '--app-key=key.pem'], { at });
  await transcript.command('the sandbox with an app', ['sandbox', '--app-key=new.pem'], {
    at,
    interrupt: Promise.resolve('SIGTERM'),
  });
  await transcript.command(
    'ERR_LOG_FILE: a log file in a folder that does not exist',
    ['whoami', '--log-file=none/log'],
    { at },
  );

  await expect(transcript.text).toMatchFileSnapshot('snapshots/tools.txt');
});

/** A lock as another living process writes it: the first of the machine, which always runs. */
function holder(runId: string): string {
  const held = {
    lockId: 'x',
    pid: 1,
    host: hostname(),
    startedAt: '2026-11-24T02:00:00.000Z',
    runId,
  };
  return JSON.stringify(held);
}

/** The journal of a run that was killed while it waited for its last response. */
function withoutOutcomes(journal: string): string {
  const lines = journal.trimEnd().split('\n');
  const last = lines.findLastIndex((line) => line.includes('"type":"outcome"'));
  return `${lines.slice(0, last).join('\n')}\n`;
}
