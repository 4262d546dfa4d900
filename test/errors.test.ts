import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { runCommandLine } from '../src/cli/command-line.js';
import {
  CompressionBombError,
  MalformedTextError,
  RowTooLargeError,
  WorkbookTooLargeError,
} from '../src/csv/errors.js';
import { FileChangedError } from '../src/csv/source.js';
import { OktaImportError } from '../src/errors.js';
import { TemporaryFileError } from '../src/org/user-index.js';
import { missingScopesError } from '../src/okta/auth/errors.js';
import { CertificateError } from '../src/okta/http/certificate-error.js';
import { createOktaClient } from '../src/okta/create-client.js';
import {
  OktaApiError,
  OktaUnreadableResponseError,
  OrgUnavailableError,
  UnknownHostError,
} from '../src/okta/errors.js';
import { toConnectionError } from '../src/okta/http/connection-error.js';
import { ProxyError } from '../src/okta/http/proxy-error.js';
import { GroupLookupError } from '../src/jobs/assert-group-option.js';
import { importUsers } from '../src/jobs/library.js';
import { assertSameOrg } from '../src/jobs/past-run.js';
import { FirstDayLogError } from '../src/journal/first-day-log.js';
import { LettersFileError } from '../src/letters/letters-file.js';
import { ReportError } from '../src/report/report-error.js';
import { CreatesFailError } from '../src/engine/create-health.js';
import { JournalError } from '../src/journal/journal.js';
import type { RunDescription } from '../src/journal/journal-line.js';
import { LockFolderError } from '../src/journal/import-lock-paths.js';
import { LockLostError, takeLock } from '../src/journal/lock-file.js';
import { Cancellation } from '../src/rows/cancellation.js';
import { startSandbox } from '../src/sandbox/server.js';

import { sheetRows, workbook } from './csv/build-workbook.js';
import { peopleCsv } from './helpers/people.js';
import { commandContext } from './helpers/command-context.js';
import { workplace } from './helpers/workplace.js';
import { description } from './engine/build.js';

const HIDDEN_ROWS = workbook({
  rows: sheetRows([
    ['login', 'email', 'firstName', 'lastName'],
    { cells: ['ada@example.com', 'ada@example.com', 'Ada', 'Osei'], attributes: 'hidden="1"' },
  ]),
});

/** An error as users and programs see it. */
interface Reported {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
}

/**
 * An example of every class, from a real command or, if that would take a full disk or a bad proxy, created as the code
 * creates it; and the detail that its message must name: the file, line, flag, run or org.
 */
const EXAMPLES: Readonly<Record<string, readonly [() => Promise<Reported>, RegExp]>> = {
  UsageError: [() => command('import', file(peopleCsv(1)), '--sandbx'), /--sandbx/],
  SettingsError: [
    () => command('import', file(peopleCsv(1)), '--env-file', '/nowhere/.env'),
    /\/nowhere\/\.env/,
  ],
  UnreadableFileError: [() => command('validate', '/nowhere/people.csv'), /\/nowhere\/people\.csv/],
  EmptyCsvError: [() => command('validate', file('')), /header/],
  HeaderError: [() => command('validate', file('login,login\na,b\n')), /line 1.*"login"/],
  UnclosedQuoteError: [
    () => command('import', file('login,email\na,"b\n'), '--sandbox'),
    /line 2, in column 2/,
  ],
  TextAfterQuoteError: [() => command('validate', file('"login"x,email\na,b\n')), /line 1, in column 1/],
  RowTooLargeError: [() => made(new RowTooLargeError(17, 1024 ** 2)), /line 17 .* 1 MiB/],
  NotCsvError: [() => command('validate', file('%PDF-1.7\n')), /PDF/],
  GarbledTextError: [
    () => command('validate', file('login,email,firstName,PrÃ©nom\na@example.com,a@example.com,A,B\n')),
    /Prénom/,
  ],
  StructureError: [
    () =>
      command(
        'validate',
        file(
          'login,email,firstName,lastName\n"a@example.com,a@example.com,A,B"\n"b@example.com,b@example.com,B,C"\n',
        ),
      ),
    /line 2/,
  ],
  MalformedTextError: [
    () => made(new MalformedTextError({ kind: 'malformed', encoding: 'utf-8', line: 17, offsetBytes: 900 })),
    /Line 17 .* utf-8 at byte 900/,
  ],
  DamagedFileError: [() => command('validate', file(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]))), /gzip/],
  CompressionBombError: [() => made(new CompressionBombError(300, 200)), /200 times .*300 MiB/],
  HiddenRowsError: [
    () => command('import', file(HIDDEN_ROWS), '--sandbox'),
    /1 of 1 row is hidden .*row 2 \(ada@example\.com\)/,
  ],
  WorkbookTooLargeError: [() => made(new WorkbookTooLargeError('it is larger than 100 MiB')), /100 MiB/],
  SheetError: [() => command('validate', file(peopleCsv(1)), '--sheet', '2'), /not a workbook/],
  UnknownEncodingError: [() => command('validate', file(peopleCsv(1)), '--encoding', 'klingon'), /"klingon"/],
  InvalidDelimiterError: [() => command('validate', file(peopleCsv(1)), '--delimiter', '::'), /"::"/],
  FileChangedError: [() => made(new FileChangedError('people.csv')), /people\.csv/],
  MappingFileError: [
    () => command('validate', file(peopleCsv(1)), '--mapping', file('profil:\n  login: login\n')),
    /:1: .*"profil"/,
  ],
  ColumnsError: [() => command('validate', file('login,emial\na,b\n')), /"emial"/],
  GroupLookupError: [
    () =>
      made(
        new GroupLookupError('--group: The group "Team" could not be looked up: it failed.', {
          hint: 'Try again later.',
        }),
      ),
    /--group: .*"Team"/,
  ],
  GroupOptionError: [
    () => command('import', file(peopleCsv(1)), '--sandbox', '--group', 'Enginering'),
    /"Enginering".*"Engineering"/,
  ],
  UnknownPresetError: [() => command('validate', file(peopleCsv(1)), '--mapping', 'preset:gogle'), /"gogle"/],
  MappingOutputError: [
    () => command('mapping', file(peopleCsv(1)), '--output', '/nowhere/people.yaml'),
    /\/nowhere\/people\.yaml/,
  ],
  DatasetNameError: [() => command('sync', file(peopleCsv(1)), '--sandbox', '--dataset', 'a/b'), /"a\/b"/],
  DatasetFileError: [damagedDataset, /staff\.ndjson is damaged/],
  SyncOptionError: [
    () => command('sync', file(peopleCsv(1)), '--sandbox', '--dataset', 'staff', '--max-leavers', 'few'),
    /--max-leavers "few"/,
  ],
  SyncStoppedError: [
    () =>
      command(
        'sync',
        file(peopleCsv(1)),
        '--sandbox',
        '--dataset',
        'staff',
        '--min-rows',
        '50',
        '--reports',
        workplace().folder,
      ),
    /1 row, fewer than --min-rows 50/,
  ],
  MaxFailuresError: [
    () => command('import', file(peopleCsv(1)), '--sandbox', '--max-failures', 'many'),
    /--max-failures .*"many"/,
  ],
  SelectionError: [() => command('validate', file(peopleCsv(1)), '--only', '0-3'), /--only .*"0-3"/],
  NothingSelectedError: [() => command('import', file(peopleCsv(1)), '--sandbox', '--only', '99'), /99/],
  RunFolderError: [() => command('verify', 'a-run', '--org-url', 'http://127.0.0.1:1'), /"a-run"/],
  LockedError: [locked, /The run .* process \d+/],
  LockFileError: [
    () => thrown(takeLock('/nowhere/lock', { subject: 'The run', runId: 'a-run', startedAt: '2026-01-01' })),
    /\/nowhere\/lock/,
  ],
  LockLostError: [() => made(new LockLostError('The run', 'r/lock', undefined)), /The run .*r\/lock/],
  LockFolderError: [() => made(new LockFolderError('/tmp/locks', 'is a link')), /\/tmp\/locks is a link/],
  JournalError: [
    () => made(new JournalError('r/journal.ndjson', new Error('no space'))),
    /r\/journal\.ndjson.*no space/,
  ],
  DamagedJournalError: [() => command('report', run('nonsense\n')), /journal\.ndjson/],
  FirstDayLogError: [
    () =>
      made(
        new FirstDayLogError('Cannot write r/first-day.jsonl: no space.', { hint: 'Free some disk space.' }),
      ),
    /r\/first-day\.jsonl/,
  ],
  CohortError: [() => command('remind', '--dataset', 'none'), /no data set "none"/],
  GeneratedPasswordsError: [
    () =>
      command(
        'import',
        file(peopleCsv(1)),
        '--mapping',
        file('profile:\n  login: login\ncredentials:\n  password: { generate: 16 }\n'),
      ),
    /generates passwords/,
  ],
  LettersFileError: [
    () =>
      made(
        new LettersFileError('Cannot write the links to links.csv: no space.', {
          hint: 'Free some disk space.',
        }),
      ),
    /links\.csv/,
  ],
  ReportError: [
    () => made(new ReportError('r/results.csv', new Error('no space'))),
    /r\/results\.csv.*no space/,
  ],
  LogFileError: [
    () => command('validate', file(peopleCsv(1)), '--log-file', '/nowhere/run.log'),
    /\/nowhere\/run\.log/,
  ],
  // Without the URL: anyone who knows it can send heartbeats.
  HeartbeatUrlError: [
    () => command('validate', file(peopleCsv(1)), '--heartbeat', 'nonsense'),
    /--heartbeat/,
  ],
  ResumeError: [
    () => command('resume', run(journalOf({})), '--file', file(peopleCsv(1))),
    /people\.csv is not the file/,
  ],
  UndoError: [() => command('undo', run(journalOf({ command: 'undo' }))), /"undo"/],
  ActivationError: [() => command('activate', run(journalOf({ command: 'undo' }))), /"undo"/],
  OtherOrgError: [otherOrg, /https:\/\/one\.okta\.com.*https:\/\/two\.okta\.com/],
  OtherJournalError: [otherJournal, /Record 1 .* noor@example\.com/],
  CreatesFailError: [
    () => made(new CreatesFailError('https://acme.okta.com', 300_000, new Error('500'))),
    /acme\.okta\.com .* 300 s/,
  ],
  TemporaryFileError: [
    () => made(new TemporaryFileError('/tmp/.people-1', new Error('ENOSPC: no space left on device, write'))),
    /\.people-1: ENOSPC/,
  ],
  CanceledError: [() => made(stopped()), /SIGTERM/],
  UnknownUserTypeError: [() => command('template', '--sandbox', '--user-type', 'freelancer'), /"freelancer"/],
  ListColumnsError: [() => command('list', '--sandbox', '--columns', 'frstName'), /"frstName"/],
  PortError: [portTaken, /port \d+/],
  AppKeyError: [() => command('sandbox', '--app-key', file('a key')), /key/],
  SignInError: [
    () => made(missingScopesError('0oaExample', ['okta.users.manage'])),
    /0oaExample .* okta\.users\.manage/,
  ],
  ProxyError: [
    () =>
      made(
        ProxyError.rejected(
          { proxy: 'http://proxy.example.com:3128', target: 'acme.okta.com:443' } as never,
          {
            status: 403,
            schemes: [],
          },
        ),
      ),
    /proxy\.example\.com:3128 .* acme\.okta\.com:443 \(403\)/,
  ],
  CertificateError: [
    () =>
      made(
        new CertificateError({
          reason: 'CERT_CHAIN_TOO_LONG',
          host: 'acme.okta.com',
          owner: 'org',
          certificate: undefined,
          atMs: 0,
          cause: undefined,
        }),
      ),
    /acme\.okta\.com .*CERT_CHAIN_TOO_LONG/,
  ],
  OktaApiError: [
    () =>
      made(
        new OktaApiError({
          operation: 'GET /api/v1/users',
          status: 400,
          errorCode: 'E0000031',
          errorSummary: 'Invalid search criteria.',
          requestId: 'req-17',
        }),
      ),
    /GET \/api\/v1\/users .* 400 E0000031: Invalid search criteria\./,
  ],
  OktaConnectionError: [
    () =>
      made(toConnectionError('GET /api/v1/users', Object.assign(new Error('reset'), { code: 'ECONNRESET' }))),
    /GET \/api\/v1\/users .*ECONNRESET/,
  ],
  OktaUnreadableResponseError: [
    () =>
      made(
        new OktaUnreadableResponseError(
          { operation: 'GET /api/v1/users', status: 200, requestId: 'req-17' },
          'empty',
        ),
      ),
    /GET \/api\/v1\/users .* 200.* empty/,
  ],
  OrgUnavailableError: [
    () => made(new OrgUnavailableError('https://acme.okta.com', 300_000, undefined)),
    /acme\.okta\.com .* 300 s/,
  ],
  UnknownHostError: [
    () => made(new UnknownHostError('https://acme.okta.com', undefined)),
    /acme\.okta\.com does not exist/,
  ],
};

/** The errors of the local page end no command: it shows them. */
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('page/'))
  .map((path) => ({ path, text: readFileSync(join('src', path), 'utf8') }));

const classes = sources.flatMap(({ text }) =>
  [...text.matchAll(/class (\w+) extends OktaImportError \{[^}]*?\bcode = '([^']*)'/gs)].map((found) => ({
    name: found[1]!,
    code: found[2]!,
  })),
);

it('has an example of every error class', () => {
  const named = sources.flatMap(({ text }) => [...text.matchAll(/class (\w+) extends OktaImportError/g)]);

  expect(classes.length).toBe(named.length);
  expect(classes.map(({ name }) => name).sort()).toEqual(Object.keys(EXAMPLES).sort());
});

it('gives every error class a code of its own', () => {
  const codes = classes.map(({ code }) => code);

  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

it.each(Object.entries(EXAMPLES))(
  '%s says what happened, where, and what to do',
  async (name, [come, where]) => {
    const { code, message, hint, exitCode } = await come();

    expect(code).toBe(classes.find((known) => known.name === name)!.code);
    expect(code).toMatch(/^ERR_[A-Z]+(?:_[A-Z]+)*$/);
    expect(message).toMatch(where);
    expect(message).toMatch(/^\S.*[.?)]$/s);
    expect(hint).toMatch(IMPERATIVE);
    expect(exitCodesOf(code)).toContain(exitCode);
  },
);

/** A sentence that starts with what to do, possibly after a condition. */
const IMPERATIVE =
  /^(?:(?:If|To|When)\b[^.]*?[,:] )?(?:then )?(?:Ask|Change|Check|Choose|Close|Compare|Copy|Correct|Count|Create|Decrypt|Delete|Export|Find|Free|Give|Grant|Have|Ignore|Import|Leave|Let|List|Look|Make|Map|Name|Open|Provide|Remove|Restore|Run|Save|See|Set|Try|Unlock|Unpack|Use|Wait|Write|add|download|export|give|look|open|provide|unpack|write)\b/;

it('starts every hint with what to do', () => {
  const hints = sources.flatMap(({ path, text }) =>
    [
      ...text.matchAll(/\bhint(?::|\s*\?\?=|\s*=)\s*(?:\w+\s*\?\s*)?(['"`])((?:\\.|(?!\1).)+)\1(?! in )/gs),
    ].map((found) => ({
      path,
      hint: found[2]!,
    })),
  );

  expect(hints.length).toBeGreaterThan(60);
  expect(hints.filter(({ hint }) => !IMPERATIVE.test(hint))).toEqual([]);
});

/** The codes in `docs/errors.md`, with the exit codes of those that end a command. */
const listed = [
  ...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(ERR_[A-Z_]+)` *\| *(\d[\d, ]*)?/gm),
].map(([, code, exitCodes]) => ({ code: code!, exitCodes: exitCodes?.trim().split(', ').map(Number) }));

function exitCodesOf(code: string): readonly number[] | undefined {
  return listed.find((one) => one.code === code)?.exitCodes;
}

describe('docs/errors.md', () => {
  it('lists every code that a command can end with, with its exit code', () => {
    const ofCommands = listed.filter(({ exitCodes }) => exitCodes !== undefined).map(({ code }) => code);

    expect(ofCommands).toEqual([...classes.map(({ code }) => code), 'ERR_BUG'].sort());
  });

  it('lists only exit codes that the README explains', () => {
    const [, table = ''] = /^## Exit codes\n(.*?)^## /ms.exec(readFileSync('README.md', 'utf8')) ?? [];
    const explained = [...table.matchAll(/^\| (\d[\d, ]*)\|/gm)].flatMap(([, codes]) =>
      codes!.split(',').map(Number),
    );

    expect(explained).toEqual(expect.arrayContaining(listed.flatMap(({ exitCodes }) => exitCodes ?? [])));
  });

  it('lists every code that a row can end with', () => {
    const ofRows = sources.flatMap(({ text }) =>
      [
        ...text.matchAll(
          /(?:errorCode: |failedWith\(\s*|(?:OUTCOME_UNKNOWN|LOOKUP_FAILED) = )'(ERR_[A-Z_]+)'/g,
        ),
      ].map((found) => found[1]!),
    );

    expect(listed.filter(({ exitCodes }) => exitCodes === undefined).map(({ code }) => code)).toEqual(
      [...new Set(ofRows)].sort(),
    );
  });
});

/** Runs a command that fails, and returns its error. */
async function command(...args: string[]): Promise<Reported> {
  const env = { OKTA_CLIENT_ORGURL: 'http://127.0.0.1:1', OKTA_CLIENT_TOKEN: 'sandbox-token' };
  const around = commandContext({ env });
  const exitCode = await runCommandLine([...args, '--log-format', 'json'], around);
  const logged = around.printed.stderr
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { event: string; code: string; hint: string; msg: string; exitCode: number },
    )
    .find(({ event }) => event === 'error')!;
  expect(logged.exitCode).toBe(exitCode);
  const message = logged.msg.slice('okta-csv-import: '.length, -`\n${logged.hint}`.length);
  return { code: logged.code, message, hint: logged.hint, exitCode };
}

async function made(error: unknown): Promise<Reported> {
  if (error instanceof OktaImportError) return error;
  throw new Error('Not an OktaImportError.', { cause: error });
}

async function thrown(promise: Promise<unknown>): Promise<Reported> {
  return made(
    await promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}

function file(content: string | Uint8Array): string {
  const at = workplace();
  return join(at.folder, at.file('people.csv', content));
}

/** Creates a run folder. */
function run(journal: string): string {
  const at = workplace();
  at.file('journal.ndjson', journal);
  return at.folder;
}

/** The journal of a run without any attempts. */
function journalOf(about: Partial<RunDescription>): string {
  return `${JSON.stringify({ type: 'run', journal: 1, ...description, ...about })}\n`;
}

async function damagedDataset(): Promise<Reported> {
  const at = workplace();
  mkdirSync(join(at.folder, 'datasets'));
  at.file('datasets/staff.ndjson', 'nonsense\n');
  return command('sync', file(peopleCsv(1)), '--sandbox', '--dataset', 'staff', '--reports', at.folder);
}

async function locked(): Promise<Reported> {
  const at = workplace();
  const path = join(at.folder, 'lock');
  const options = { subject: 'The run in reports/it', runId: 'it', startedAt: '2026-01-01T00:00:00Z' };
  const lock = await takeLock(path, options);
  onTestFinished(() => lock.release());
  return thrown(takeLock(path, options));
}

async function otherOrg(): Promise<Reported> {
  return thrown(
    (async () => {
      assertSameOrg(
        { description: { runId: 'it', org: 'https://one.okta.com' } as RunDescription },
        { orgUrl: 'https://two.okta.com' },
      );
    })(),
  );
}

async function otherJournal(): Promise<Reported> {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const client = createOktaClient({ orgUrl: okta.url, apiToken: okta.token });
  onTestFinished(() => client.close());
  const journal = join(workplace().folder, 'journal');
  const importing = async (login: string) => {
    const records = [{ login, email: login, firstName: 'Noor', lastName: 'Haddad' }];
    for await (const _ of importUsers({ records }, { client, journal }));
  };
  await importing('noor@example.com');
  return thrown(importing('liv@example.com'));
}

function stopped(): unknown {
  const cancellation = new Cancellation();
  cancellation.abort({ kind: 'interrupted', signal: 'SIGTERM' });
  return cancellation.signal.reason;
}

async function portTaken(): Promise<Reported> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return command('sandbox', '--port', String((server.address() as { port: number }).port));
}
