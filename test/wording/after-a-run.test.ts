import { expect, it } from 'vitest';

import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { orgSettings } from '../helpers/cli.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { recordedOrg } from '../helpers/recorder.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

/** One request at a time, so that everything happens in file order. */
const IN_ORDER = '--concurrency=1';

it('questions at a terminal', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const { env, okta } = await sandboxOrg({ seed: demoSeed });
  const file = at.file('people.csv', peopleCsv(3));
  const one = at.file('one.csv', peopleCsv(1));
  const ask = (title: string, args: readonly string[], typed: string) =>
    transcript.command(title, args, { at, env, typed });

  await ask('first import, answered no', ['import', file, '--run-id=no'], 'no\n');
  await ask('first import of one row', ['import', one, '--run-id=one-no'], 'no\n');
  await ask('first import of staged users', ['import', file, '--no-activate', '--run-id=staged'], 'no\n');
  await ask(
    'first import with groups, a type and updates',
    ['import', file, '--group=Sales', '--user-type=student', '--if-exists=update', '--run-id=more'],
    'no\n',
  );
  await ask('first import that skips', ['import', file, '--if-exists=skip', '--run-id=skip'], 'no\n');
  await ask('first import, answered yes', ['import', file, '--run-id=yes'], 'yes\n');
  expect(okta.ledger.created).toHaveLength(3);
  at.file('later.csv', peopleCsv(28));
  const later = ['import', 'later.csv', '--no-activate', '--if-exists=skip', '--yes', '--run-id=later'];
  await transcript.command('staged users', later, { at, env, shows: 'nothing' });
  await ask('activation, answered no', ['activate', 'later', '--per-minute=60'], 'no\n');
  await ask('undo, answered no', ['undo', 'yes'], 'no\n');
  await ask('undo, answered yes', ['undo', 'yes'], 'yes\n');

  await expect(transcript.text).toMatchFileSnapshot('snapshots/questions.txt');
});

it('interrupted and resumed', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const org = await recordedOrg();
  const env = orgSettings(org);
  const file = at.file('people.csv', peopleCsv(4));
  const hold = org.holdCreatesAfter(1);
  const interrupt = hold.waiting(1).then(() => {
    setImmediate(() => hold.release());
    return 'SIGINT' as const;
  });

  await transcript.command('interrupted', ['import', file, '--run-id=it', IN_ORDER], { at, env, interrupt });
  await transcript.command('undo before it is resumed', ['undo', 'it'], { at, env });
  await transcript.command('activate before it is resumed', ['activate', 'it'], { at, env });
  await transcript.command('report', ['report', 'it'], { at, env });
  await transcript.command('another org', ['resume', 'it'], {
    at,
    env: { ...env, OKTA_CLIENT_ORGURL: 'http://127.0.0.1:9' },
  });
  at.file('people.csv', peopleCsv(5));
  await transcript.command('the file has changed', ['resume', 'it'], { at, env });
  at.file('people.csv', peopleCsv(4));
  await transcript.command('resumed', ['resume', 'it', IN_ORDER], { at, env });
  await transcript.command('resumed again', ['resume', 'it', IN_ORDER], { at, env });

  await expect(transcript.text).toMatchFileSnapshot('snapshots/resume.txt');
});

it('after a run', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const { env, okta } = await sandboxOrg({
    seed: {
      users: [{ profile: { login: loginOf(1), email: loginOf(1), firstName: 'Other', lastName: 'Family' } }],
    },
  });
  const file = at.file('people.csv', peopleCsv(4));
  const command = (title: string, args: readonly string[], more: object = {}) =>
    transcript.command(title, args, { at, env, ...more });

  await command('import', ['import', file, '--run-id=it', IN_ORDER, '--no-activate', '--if-exists=update']);
  await command('verify', ['verify', 'it']);
  await command('verify as JSON', ['verify', 'it', '--json']);
  at.file('notes.csv', 'not,links\n');
  await command('ERR_LETTERS_FILE: links into a file of somebody else', [
    'activate',
    'it',
    '--links=notes.csv',
  ]);
  at.file('letter.liquid.html', '{{ nickname }}');
  await command('a letter with a mistake', [
    'activate',
    'it',
    '--links=a.html',
    '--letter=letter.liquid.html',
  ]);
  await command('links into neither', ['activate', 'it', '--links=links.txt']);
  await command('activate with links', ['activate', 'it', IN_ORDER, '--links=links.csv']);
  await command('activate', ['activate', 'it', IN_ORDER]);
  await command('activate again', ['activate', 'it', IN_ORDER]);
  await command('activate a run that activates', ['activate', 'it-activate']);
  okta.addFault({ on: 'getUser', nth: 1, then: 'status-500' });
  await command('report', ['report', 'it']);
  await command('report as JSON', ['report', 'it', '--json']);
  await command('undo without confirmation', ['undo', 'it']);
  await command('undo', ['undo', 'it', '--yes', IN_ORDER]);
  await command('undo again', ['undo', 'it', '--yes', IN_ORDER]);
  await command('verify after undo', ['verify', 'it']);
  await command('activate after undo', ['activate', 'it']);
  await command('resume after undo', ['resume', 'it']);
  await command('report of the undo', ['report', 'it-undo']);

  await expect(transcript.text).toMatchFileSnapshot('snapshots/after-a-run.txt');
});
