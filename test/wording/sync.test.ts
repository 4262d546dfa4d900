import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { employee, staff, staffCsv, type Employee } from '../helpers/nightly.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

it('nights of a data set', async () => {
  const transcript = new Transcript();
  const { okta, env } = await sandboxOrg();
  const at = workplace();
  let runs = 0;
  const sync = (title: string, people: readonly Employee[], ...args: string[]): Promise<unknown> => {
    at.file('people.csv', staffCsv(people));
    // Two runs in one second would get numbers.
    if (!args.some((arg) => arg.startsWith('--run-id'))) args.push(`--run-id=run-${(runs += 1)}`);
    return transcript.command(
      title,
      ['sync', 'people.csv', '--dataset=staff', '--match=employeeNumber', '--concurrency=1', ...args],
      { at, env },
    );
  };
  const state = join(at.folder, 'reports', 'datasets', 'staff.ndjson');

  await sync('the plan of the first night', staff(2), '--dry-run');
  await sync('the first night', staff(6), '--run-id=first');
  await sync('the same file', staff(6), '--run-id=same');
  const moved = [
    employee(1, { login: 'first1.berg@example.com', lastName: 'Berg' }),
    employee(2, { title: 'Head clerk' }),
    ...staff(5).slice(2),
    employee(7),
  ];
  await sync('the plan of a night of changes', moved, '--dry-run', '--leavers=suspend');
  await sync('a night of changes', moved, '--leavers=suspend', '--run-id=changes');
  await transcript.command('its undo, without --yes', ['undo', 'changes'], { at, env });
  await sync('people who are back', [...moved, employee(6)], '--leavers=suspend', '--run-id=back');
  await sync(
    'the plan of the first deactivation',
    moved,
    '--leavers=deactivate',
    '--dry-run',
    '--run-id=plan-gone',
  );
  await sync('leavers who would be deactivated for the first time', moved, '--leavers=deactivate');
  await sync('the same with --yes', moved, '--leavers=deactivate', '--yes', '--run-id=gone');
  await sync('user-inactive: a deactivated user who is back', [...moved, employee(6)], '--run-id=inactive');
  await sync('the plan of an empty file', [], '--dry-run', '--run-id=plan-empty');
  await sync('ERR_SYNC_STOPPED: an empty file', []);
  await sync('match-key-missing: a row without a key', [...moved, employee(8, { employeeNumber: '' })]);
  await sync('match-key-repeated: two rows with one key', [
    ...moved,
    employee(8, { employeeNumber: '1007' }),
  ]);
  at.file(
    'vera.csv',
    'login,email,firstName,lastName,employeeNumber\nvera@example.com,vera@example.com,Vera,Oduya,7000\n',
  );
  await transcript.command('an import of somebody else', ['import', 'vera.csv', '--run-id=vera'], {
    at,
    env,
  });
  await sync('login-of-other-person: a login of a user with another key', [
    ...moved,
    employee(8, { login: 'vera@example.com' }),
  ]);
  await sync('login-kept: a user who was in Okta before, with the key of a row', [
    ...moved,
    employee(8, { employeeNumber: '7000', firstName: 'Vera', lastName: 'Oduya' }),
  ]);
  const { id } = okta.findUser('person7@example.com')!;
  // The first request deactivates the user, the second deletes it.
  for (const _ of [1, 2]) {
    const headers = { authorization: `SSWS ${okta.token}` };
    await fetch(`${okta.url}/api/v1/users/${id}`, { method: 'DELETE', headers });
  }
  await sync('user-recreated: a user who was deleted in Okta', moved, '--run-id=recreated');
  await transcript.command('the data sets', ['datasets'], { at, env });
  await sync('ERR_SYNC_OPTION: another match key', moved, '--match=login');
  await sync('ERR_SYNC_OPTION: days that are none', moved, '--leaver-grace=soon');
  await sync('ERR_DATASET_NAME', moved, '--dataset=a/b');
  writeFileSync(state, 'damaged');
  await sync('ERR_DATASET_FILE: a damaged state', moved);
  await transcript.command('the data sets with a damaged one', ['datasets'], { at, env });
  rmSync(state);
  await sync('a missing state', moved);
  await sync('a state that is rebuilt', moved, '--rebuild-state', '--leavers=suspend', '--run-id=rebuilt');
  at.file(
    'interns.csv',
    'login,email,firstName,lastName\nv.oduya@example.com,v.oduya@example.com,Vera,ODUYA\n',
  );
  await transcript.command(
    'possible-double: the same name under another login',
    ['sync', 'interns.csv', '--dataset=interns', '--run-id=double'],
    { at, env },
  );
  await transcript.command('the data sets of an empty folder', ['datasets', '--reports=elsewhere'], {
    at,
    env,
  });

  await expect(transcript.text).toMatchFileSnapshot('snapshots/sync.txt');
});
