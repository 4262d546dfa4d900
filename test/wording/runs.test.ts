import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

it('the list of runs, and the ways to name one', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const { env } = await sandboxOrg();
  const command = (title: string, line: string, shows: 'all' | 'nothing' = 'all') =>
    transcript.command(title, line.split(' '), { at, env, shows });

  await command('no run yet', 'runs');
  await command('the last of no run', 'report last');
  at.file('people.csv', peopleCsv(3));
  at.file('others.csv', peopleCsv(5));
  await command('a dry run', 'validate people.csv --run-id check', 'nothing');
  await command('only a dry run', 'undo last');
  await command('an import', 'import people.csv --no-activate --run-id night-1', 'nothing');
  await command('another import', 'import others.csv --if-exists skip --run-id night-2', 'nothing');
  await command('a dry run of sync', 'sync people.csv --dataset staff --dry-run --run-id plan', 'nothing');
  const damaged = join(at.folder, 'reports', 'damaged');
  mkdirSync(damaged);
  writeFileSync(join(damaged, 'journal.ndjson'), '{}\n');

  transcript.section('Runs');
  await command('runs', 'runs');
  await command('the newest run as JSON', 'runs --limit 2 --json');
  await command('a limit out of range', 'runs --limit 0');

  transcript.section('Names of runs');
  await command('the beginning of two IDs', 'verify night');
  await command('the beginning of one ID', 'verify night-1');
  await command('last', 'verify last');
  await command('last, to be undone', 'undo last --yes');
  await command('last, to be undone again', 'undo last --yes');
  await command('last, when all were undone', 'undo last --yes');
  await command('a mistyped ID', 'verify nihgt-1');

  transcript.section('Dry runs');
  for (const verb of ['report', 'verify', 'resume', 'activate', 'undo']) {
    await command(`${verb} of a dry run`, `${verb} check`);
  }
  await command('undo of a dry run of sync', 'undo plan');
  at.file('new.csv', peopleCsv(1));
  await command('another dry run', 'validate new.csv --run-id new', 'nothing');
  await command('undo of a dry run of a file that was not imported', 'undo new');

  await expect(transcript.text).toMatchFileSnapshot('snapshots/runs.txt');
});
