import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

const BOM = '\uFEFF';

async function sandbox(): Promise<Sandbox> {
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  return okta;
}

function text(at: Workplace, ...path: readonly string[]): string {
  return readFileSync(join(at.folder, 'reports', ...path), 'utf8');
}

it.each([
  [
    'comma',
    'login,email,firstName,lastName\nzoe@example.com,zoe@example.com,Zoë,Čapek\nx,x@example.com,Łukasz,Żak\n',
  ],
  [
    'semicolon',
    'Größe;login;email;firstName;lastName\n1;zoe@example.com;zoe@example.com;Zoë;Čapek\n2;x;x@example.com;Łukasz;Żak\n',
  ],
])(
  'the CSV files of a %s file begin with one byte order mark, after an import, a rebuild, a resume and an undo',
  async (_, csv) => {
    const okta = await sandbox();
    const at = workplace();
    const env = orgSettings(okta);
    const flags = csv.includes('Größe') ? ['--ignore-columns=Größe'] : [];
    await cli(['import', at.file('people.csv', csv), '--run-id=it', ...flags], { at, env });
    const written = ['results.csv', 'failed.csv'].map((name) => text(at, 'it', name));

    for (const name of ['results.csv', 'failed.csv']) truncateSync(join(at.folder, 'reports/it', name));
    await cli(['report', 'it'], { at });
    const rebuilt = ['results.csv', 'failed.csv'].map((name) => text(at, 'it', name));
    await cli(['resume', 'it'], { at, env });
    const resumed = ['results.csv', 'failed.csv'].map((name) => text(at, 'it', name));
    await cli(['undo', 'it', '--yes'], { at, env });
    const undone = text(at, 'it-undo', 'results.csv');

    for (const file of [...written, undone]) expect(file.lastIndexOf(BOM)).toBe(0);
    expect(written[1]).toContain('Łukasz');
    expect(rebuilt).toEqual(written);
    expect(resumed).toEqual(written);
  },
);

it('a failed.csv with a byte order mark can be imported, with its accents and its first column', async () => {
  const okta = await sandbox();
  const at = workplace();
  const env = orgSettings(okta);
  const csv = 'login,email,firstName,lastName\nzoe@example.com,zoe@example.com,Zoë,\n';
  await cli(['import', at.file('people.csv', csv), '--run-id=it'], { at, env });
  const path = join(at.folder, 'reports/it/failed.csv');
  writeFileSync(path, readFileSync(path, 'utf8').replace('Zoë,,', 'Zoë,Čapek,'));

  const retried = await cli(['import', path, '--run-id=retry'], { at, env });

  expect(retried.exitCode).toBe(0);
  expect(okta.findUser('zoe')?.profile).toMatchObject({ firstName: 'Zoë', lastName: 'Čapek' });
});

it('a list as CSV begins with a byte order mark, and can be imported again', async () => {
  const okta = await sandbox();
  const at = workplace();
  const env = orgSettings(okta);
  const csv = 'login,email,firstName,lastName\nzoe@example.com,zoe@example.com,Zoë,Čapek\n';
  await cli(['import', at.file('people.csv', csv)], { at, env });

  const { stdout } = await cli(['list', '--format=csv', '--q=Zo'], { at, env });
  const update = at.file('listed.csv', stdout.replace('Čapek', 'Čapková'));
  const updated = await cli(['import', update, '--if-exists=update', '--run-id=update'], { at, env });

  expect(stdout.lastIndexOf(BOM)).toBe(0);
  expect(updated.exitCode).toBe(0);
  expect(okta.findUser('zoe')?.profile).toMatchObject({ firstName: 'Zoë', lastName: 'Čapková' });
});
