import { X509Certificate } from 'node:crypto';

import { expect, it } from 'vitest';

import { CompressionBombError } from '../../src/csv/errors.js';
import { FileChangedError } from '../../src/csv/source.js';
import type { OktaImportError } from '../../src/errors.js';
import type { InputSource } from '../../src/jobs/input.js';
import { importUsers } from '../../src/jobs/library.js';
import { JournalError } from '../../src/journal/journal.js';
import { LockLostError } from '../../src/journal/lock-file.js';
import { LockFolderError } from '../../src/journal/import-lock-paths.js';
import type { Rejection } from '../../src/okta/auth/authenticator.js';
import { createOktaClient } from '../../src/okta/create-client.js';
import {
  hintForServiceApp,
  hintForTokenError,
  missingScopesError,
  SignInError,
} from '../../src/okta/auth/errors.js';
import { CertificateError } from '../../src/okta/http/certificate-error.js';
import { OktaConnectionError } from '../../src/okta/http/connection-error.js';
import { TemporaryFileError } from '../../src/org/user-index.js';
import { CanceledError } from '../../src/rows/cancellation.js';
import { recordedTerminal } from '../cli/captured-stream.js';
import { createAuthority } from '../helpers/authority.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

/** Errors that a short run in a test cannot produce: full disks, huge files, moments between two requests. */
const OUT_OF_REACH: readonly OktaImportError[] = [
  new JournalError('reports/it/journal.ndjson', new Error('ENOSPC: no space left on device, write')),
  new FileChangedError('people.csv'),
  new CompressionBombError(257, 200),
  new CanceledError('Interrupted by SIGINT.', 130),
  new LockFolderError('/tmp/okta-csv-import-0', 'belongs to another user (1001)'),
  new LockLostError('The run in reports/it', 'reports/it/lock', undefined),
  new LockLostError('The run in reports/it', 'reports/it/lock', {
    pid: 4711,
    host: 'hr-server',
    processStart: undefined,
    lockId: '',
    startedAt: '',
    runId: 'it',
  }),
  new TemporaryFileError('/tmp/.people-1', new Error('ENOSPC: no space left on device, write')),
  ...connectionErrors(),
];

it('errors that the other tests do not produce', () => {
  const transcript = new Transcript();
  for (const error of OUT_OF_REACH) transcript.add(error.code, textOf(error));
  const { terminal, stderr } = recordedTerminal();
  terminal.fail(new TypeError('x is undefined'));
  transcript.add('ERR_BUG', stderr.text.replaceAll(/\n\s+at .*/g, ''));

  return expect(transcript.text).toMatchFileSnapshot('snapshots/errors.txt');
});

it('rejected certificates and sign-ins', async () => {
  const transcript = new Transcript();
  const authority = await createAuthority();
  const { cert } = await authority.issue(['acme.okta.com']);
  const certificate = new X509Certificate(cert);
  const reasons: readonly (readonly [reason: string, of: 'org' | 'proxy', isShown: boolean])[] = [
    ['UNABLE_TO_GET_CRL', 'org', false],
    ['CERT_HAS_EXPIRED', 'org', true],
    ['CERT_NOT_YET_VALID', 'org', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'org', true],
    ['CERT_REVOKED', 'org', true],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'proxy', true],
    ['HOSTNAME_MISMATCH', 'proxy', true],
  ];
  transcript.section('Certificates');
  for (const [reason, of, isShown] of reasons) {
    const shown = isShown ? certificate : undefined;
    const failure = {
      reason,
      host: 'acme.okta.com',
      owner: of,
      certificate: shown,
      atMs: Date.now(),
      cause: undefined,
    };
    transcript.add(
      `${reason} of the ${of}`,
      textOf(new CertificateError(failure)).replaceAll(/\d{4}-[\dT:-]+Z/g, '<time>'),
    );
  }

  transcript.section('Hints when the org rejects a token request');
  const refusals: readonly (readonly [error: string, description: string])[] = [
    ['invalid_client', 'The issuer claim for client_assertion is not a valid client_id.'],
    [
      'invalid_client',
      'The audience claim for client_assertion must be the endpoint invoked for the request.',
    ],
    ['invalid_client', 'The client_assertion token is expired.'],
    ['invalid_client', 'The token_endpoint_auth_method is not private_key_jwt.'],
    ['invalid_client', 'The application_type is not service.'],
    ['invalid_client', 'The client_assertion signature is invalid.'],
    ['consent_required', ''],
    ['invalid_scope', ''],
    ['unauthorized_client', ''],
    ['access_denied', ''],
    ['invalid_dpop_proof', ''],
    ['another', ''],
  ];
  for (const [error, description] of refusals) {
    const hint = hintForTokenError({ status: 400, error, description });
    transcript.add(`${error} ${description}`.trim(), new SignInError('', { hint }).hint ?? '');
  }

  transcript.section('Hints when the org rejects a request');
  const rejections: readonly Rejection[] = [
    { status: 401 },
    { status: 403, errorCode: 'insufficient_scope' },
    { status: 403, errorCode: 'insufficient_scope', missingScopes: ['okta.groups.manage'] },
    { status: 403, errorCode: 'E0000006' },
    {
      status: 400,
      errorCode: 'invalid_dpop_proof',
      errorSummary: "'htu' claim in the DPoP proof JWT is invalid.",
    },
    {
      status: 400,
      errorCode: 'invalid_dpop_proof',
      errorSummary: 'The DPoP proof JWT has already been used.',
    },
    {
      status: 400,
      errorCode: 'invalid_dpop_proof',
      errorSummary: 'The DPoP proof JWT is issued in the future.',
    },
  ];
  for (const rejection of rejections) {
    const { status, errorCode = '', errorSummary = '', missingScopes = [] } = rejection;
    const title = ['an app,', status, errorCode, ...missingScopes, errorSummary].join(' ').trim();
    transcript.add(title, hintForServiceApp(rejection) ?? '');
  }
  transcript.add(
    'missing scopes',
    textOf(missingScopesError('0oaExample', ['okta.users.manage', 'okta.groups.read'])),
  );

  await expect(transcript.text).toMatchFileSnapshot('snapshots/refusals.txt');
});

it('errors of the library', async () => {
  const transcript = new Transcript();
  const { okta } = await sandboxOrg();
  const other = await sandboxOrg();
  const at = workplace();
  const journal = `${at.folder}/journal`;
  const failure = async (orgUrl: string, people: InputSource): Promise<void> => {
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
    'TimeoutError',
    'ECONNRESET',
    'EPIPE',
  ];
  return reasons.map(
    (reason, index) =>
      new OktaConnectionError('POST /api/v1/users', reason, index < 4, new Error('what the system says')),
  );
}
