import { expect, it } from 'vitest';

import { CompressionBombError } from '../../src/csv/errors.js';
import { FileChangedError } from '../../src/csv/source.js';
import type { OktaImportError } from '../../src/errors.js';
import { importUsers } from '../../src/jobs/import-users.js';
import { JournalError } from '../../src/journal/journal.js';
import { createOktaClient } from '../../src/okta/create-client.js';
import { OktaConnectionError } from '../../src/okta/http/connection-error.js';
import { CanceledError } from '../../src/rows/cancellation.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

/** What no short run in a test shows: disks that are full, files of gigabytes, moments between two requests. */
const OUT_OF_REACH: readonly OktaImportError[] = [
  new JournalError('reports/it/journal.ndjson', new Error('ENOSPC: no space left on device, write')),
  new FileChangedError('people.csv'),
  new CompressionBombError(257, 200),
  new CanceledError('Interrupted by SIGINT.', 130),
  ...connectionErrors(),
];

it('errors that are out of reach of the other files', () => {
  const transcript = new Transcript();
  for (const error of OUT_OF_REACH) transcript.add(error.code, textOf(error));

  return expect(transcript.text).toMatchFileSnapshot('snapshots/errors.txt');
});

it('errors that only programs meet', async () => {
  const transcript = new Transcript();
  const { okta } = await sandboxOrg();
  const other = await sandboxOrg();
  const at = workplace();
  const journal = `${at.folder}/journal`;
  const failure = async (orgUrl: string, people: Parameters<typeof importUsers>[0]): Promise<void> => {
    const client = createOktaClient({ orgUrl, apiToken: okta.token });
    try {
      for await (const { status } of importUsers(people, { client, journal })) {
        expect(status).toBe('created');
      }
    } catch (error) {
      transcript.add('importUsers', textOf(error as OktaImportError), at);
    } finally {
      await client.close();
    }
  };
  await failure(okta.url, { csv: bytesOf(peopleCsv(1)) });
  await failure(other.okta.url, { csv: bytesOf(peopleCsv(1)) });
  await failure(okta.url, { csv: bytesOf(peopleCsv(2)) });
  for (const settings of [
    { orgUrl: 'nowhere', apiToken: 'x' },
    { orgUrl: 'http://acme.okta.com', apiToken: 'x' },
    { orgUrl: 'https://acme.okta.com' },
  ]) {
    try {
      createOktaClient(settings);
    } catch (error) {
      transcript.add('createOktaClient', String(error));
    }
  }

  await expect(transcript.text).toMatchFileSnapshot('snapshots/library-errors.txt');
});

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function textOf({ message, hint, code, exitCode }: OktaImportError): string {
  return `${message}\n${hint}\n[exit code ${exitCode}, ${code}]`;
}

function connectionErrors(): OktaImportError[] {
  const reasons = [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'ECONNRESET',
    'EPIPE',
  ];
  return reasons.map(
    (reason, index) =>
      new OktaConnectionError('POST /api/v1/users', reason, index < 4, new Error('what the system says')),
  );
}
