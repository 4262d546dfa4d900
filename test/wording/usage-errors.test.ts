import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { Transcript } from './transcript.js';

const COMMAND_LINES: readonly (readonly [string, string])[] = [
  ['no command', ''],
  ['an unknown command', 'imprt people.csv'],
  ['an unknown command without a suggestion', 'frobnicate'],
  ['help of an unknown command', 'help imprt'],
  ['-v after a command', 'import people.csv -v'],
  ['a choice that was typed as a flag', 'list --json'],
  ['two commands', 'validate people.csv import'],
  ['an unknown flag', 'import people.csv --dryrun'],
  ['an unknown flag without a suggestion', 'import people.csv --frobnicate'],
  ['an unknown flag before the file', 'import --foo people.csv'],
  ['an invalid choice', 'import people.csv --if-exists updat'],
  ['flags that exclude each other', 'list --q ada --search x'],
  ['no file', 'import'],
  ['no file for validate', 'validate'],
  ['no file for mapping', 'mapping'],
  ['no run', 'resume'],
  ['no run for undo', 'undo'],
  ['no user', 'get'],
  ['an empty user', 'get ""'],
  ['a flag without its value', 'import people.csv --sandbox --mapping'],
  ['a number without its value', 'import people.csv --sandbox --concurrency'],
  ['a log file without its name', 'import people.csv --sandbox --log-file='],
  ['a metrics file without its name', 'import people.csv --sandbox --metrics-file='],
  ['a heartbeat without its URL', 'import people.csv --sandbox --heartbeat='],
  ['a heartbeat that is not a URL', 'import people.csv --sandbox --heartbeat=nowhere'],
  ['--concurrency out of range', 'import people.csv --sandbox --concurrency=0'],
  ['--rate-limit-share out of range', 'import people.csv --sandbox --rate-limit-share=2'],
  ['--request-timeout out of range', 'import people.csv --sandbox --request-timeout=-1'],
  ['--give-up-after out of range', 'import people.csv --sandbox --give-up-after=x'],
  ['--canary out of range', 'import people.csv --sandbox --canary=0'],
  ['--max-failures that cannot be read', 'import people.csv --sandbox --max-failures=many'],
  ['--only that cannot be read', 'import people.csv --sandbox --only=a-b'],
  ['--only that selects nothing', 'import people.csv --sandbox --only=99'],
  ['--group without a name', 'import people.csv --sandbox --group ""'],
  ['--clear-empty without update', 'import people.csv --sandbox --clear-empty'],
  ['--run-id with a slash', 'import people.csv --sandbox --run-id=a/b'],
  ['--per-minute out of range', 'activate a --per-minute=0'],
  ['--limit out of range', 'list --limit=0'],
  ['--columns without names', 'list --sandbox --columns=,'],
  ['a column that users do not have', 'list --sandbox --columns=logn'],
  ['--explain with --mapping', 'template --explain --mapping'],
  ['--json without --explain', 'template --json'],
  ['--user-type without the org', 'template --user-type contractor'],
  ['a user type that the org does not have', 'template --sandbox --user-type contracter'],
  ['--port out of range', 'sandbox --port=700000'],
  ['--rate-limit out of range', 'sandbox --rate-limit=0'],
  ['--token-share out of range', 'sandbox --token-share=0'],
  ['--concurrency-limit out of range', 'sandbox --concurrency-limit=0'],
  ['--latency out of range', 'sandbox --latency=-1'],
  ['--lag out of range', 'sandbox --lag=-1'],
  ['a file that does not exist', 'import none.csv --sandbox'],
  ['a folder instead of the file', 'import folder --sandbox'],
  ['a mapping file that does not exist', 'import people.csv --sandbox --mapping=none.yaml'],
  ['a preset that does not exist', 'import people.csv --sandbox --mapping=preset:oktta'],
  ['a log file that cannot be written', 'import people.csv --sandbox --log-file=none/log'],
  ['a metrics file that cannot be written', 'import people.csv --sandbox --metrics-file=none/okta.prom'],
  ['a reports folder that cannot be used', 'import people.csv --sandbox --reports=people.csv'],
  ['a mapping that cannot be written', 'mapping people.csv --output=none/people.yaml'],
  ['a mapping that would overwrite a file', 'mapping people.csv --output=people.csv'],
  ['a run that does not exist', 'report none'],
  ['a resumed run that does not exist', 'resume none'],
  ['an unknown encoding', 'validate people.csv --encoding=klingon'],
  ['an impossible delimiter', 'validate people.csv --delimiter=ab'],
  ['a sheet of a file that has none', 'validate people.csv --sheet=2'],
];

it('usage errors', async () => {
  const transcript = new Transcript();
  for (const [title, line] of COMMAND_LINES) {
    const at = workplace();
    at.file('people.csv', peopleCsv(2));
    mkdirSync(join(at.folder, 'folder'));
    const args = line.split(' ').filter((arg) => arg !== '');
    await transcript.command(
      title,
      args.map((arg) => (arg === '""' ? '' : arg)),
      { at },
    );
  }

  await expect(transcript.text).toMatchFileSnapshot('snapshots/usage-errors.txt');
});
