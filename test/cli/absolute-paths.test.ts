import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

const MAPPING = 'profile:\n  login: login\n  email: email\n  firstName: firstName\n  lastName: lastName\n';

async function org(at: Workplace): Promise<Record<string, string>> {
  const okta = await startSandbox({
    rateLimits: false,
    faults: [{ on: 'createUser', login: loginOf(2), then: 'okta-error', errorCode: 'E0000038' }],
  });
  onTestFinished(() => okta.close());
  at.file('people.csv', peopleCsv(3, { title: '' }));
  at.file('map.yaml', MAPPING);
  at.file('okta.env', 'OKTA_CLIENT_REQUESTTIMEOUT=30\n');
  return orgSettings(okta);
}

/** Everything in a text that looks like a path to one of the files of this test. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/[^\s'"]*(?:all-runs|map\.yaml|okta\.env|missing\.csv)[^\s'":]*/g)].map(([path]) =>
    path.replace(/\.$/, ''),
  );
}

it.each<[string, readonly string[], readonly string[]]>([
  [
    'a run with failures',
    ['import', 'people.csv', '--mapping=map.yaml', '--ignore-columns=title', '--env-file=okta.env'],
    ['all-runs/it', 'all-runs/it/failed.csv', 'map.yaml', 'okta.env'],
  ],
  [
    'a run that stops early',
    ['import', 'people.csv', '--max-failures=0', '--concurrency=1', '--env-file', 'okta.env'],
    ['all-runs/it/failed.csv', 'okta.env', 'all-runs/it'],
  ],
  ['a file that does not exist', ['import', 'missing.csv'], ['missing.csv']],
  ['a mapping that does not exist', ['validate', 'people.csv', '--mapping', './x/map.yaml'], ['x/map.yaml']],
  ['a run that does not exist', ['resume', 'nothing'], ['all-runs/nothing']],
])('%s: every path that is not printed at a terminal is absolute', async (_, args, paths) => {
  const at = workplace();
  const env = await org(at);
  const run = args[0] === 'resume' ? [] : ['--run-id=it'];

  const { stderr } = await cli([...args, '--reports=all-runs', '--quiet', ...run], { at, env });

  expect(pathsIn(stderr).filter((path) => !isAbsolute(path))).toEqual([]);
  for (const path of paths) expect(stderr).toContain(join(at.folder, path));
});

it('what programs read has the paths as they were typed', async () => {
  const at = workplace();
  const env = await org(at);
  const flags = ['--reports=all-runs', '--run-id=it', '--log-format=json'];

  const { stderr } = await cli(['import', 'people.csv', '--ignore-columns=title', ...flags], { at, env });
  const report = await cli(['report', 'it', '--reports=all-runs'], { at });

  const events = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.filter((event) => 'folder' in event).map(({ event, folder }) => [event, folder])).toEqual([
    ['run.started', 'all-runs/it'],
    ['run.ended', 'all-runs/it'],
  ]);
  expect(report.stdout).toBe('all-runs/it/report.html\n');
  expect(existsSync(join(at.folder, report.stdout.trim()))).toBe(true);
});
