import { readFileSync } from 'node:fs';

import { expect, it, onTestFinished } from 'vitest';

import { systemClock, type Clock } from '../../src/clock.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { firstSignInsIn } from '../helpers/first-sign-ins.js';
import { cli } from '../helpers/in-process-cli.js';
import { forbidSecondMail } from '../helpers/mails.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

const DAY_MS = 86_400_000;
const page = readFileSync('docs/first-day.md', 'utf8');

/** The commands of the page, in order; each with what the page says it prints. */
const commands = [...page.matchAll(/^ *```sh\n([^`]*)```/gm)].flatMap(([, block = '']) =>
  block
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('okta-csv-import '))
    .map((line) => line.split(' ').slice(1)),
);

it('the commands of docs/first-day.md do what the page says', async () => {
  let laterMs = 0;
  const now = (): number => systemClock.now() + laterMs;
  const okta = await startSandbox({ seed: { users: [] }, rateLimits: { limits: 100_000 }, now });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  const env = orgSettings(okta);
  const clock: Clock = { now, sleep: (ms, signal) => systemClock.sleep(ms / 1000, signal) };
  at.file('people.csv', peopleCsv(12, { department: 'Sales' }));
  at.file('passwords.yaml', /```yaml\n([^`]*)```/.exec(page)?.[1] ?? '');
  const printed: string[] = [];

  for (const args of commands) {
    if (args[0] === 'remind') laterMs = 4 * DAY_MS;
    // The second example is about other people.
    if (args.includes('passwords.yaml')) {
      at.file('people.csv', peopleCsv(12, { department: 'Sales' }).replaceAll(/\bp(\d)/g, 'q$1'));
    }
    const { exitCode, stdout, stderr } = await cli(args, { at, env, clock });
    expect({ args, exitCode, stderr }).toMatchObject({ exitCode: 0 });
    printed.push(stdout, stderr);
  }

  expect(commands.map(([name]) => name)).toEqual([
    'import',
    'status',
    'remind',
    'remind',
    'validate',
    'import',
  ]);
  expect(printed.join('\n')).toMatch(/12 activation links written to .*letters\.html\./);
  expect(printed.join('\n')).toContain('12 rows, 12 created.');
  expect(printed.join('\n')).toMatch(/12 passwords written to .*passwords\.html\./);
  const links = firstSignInsIn(at, 'letters.html');
  expect(links.filter(({ link }) => link !== '')).toHaveLength(12);
  const passwords = firstSignInsIn(at, 'passwords.html');
  expect(passwords.filter(({ password }) => password !== '')).toHaveLength(12);
  expect(okta.ledger.mails.map(({ kind }) => kind)).toEqual(Array.from({ length: 12 }, () => 'reactivation'));
});
