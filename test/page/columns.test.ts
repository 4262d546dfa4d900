import { createReadStream, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it, onTestFinished } from 'vitest';

import { readCsv } from '../../src/csv/read-csv.js';
import { draftMapping } from '../../src/mapping/draft-mapping.js';
import { parseMappingFile, type MappingFile } from '../../src/mapping/mapping-file.js';
import { compileMapping } from '../../src/mapping/mapping.js';
import { toUserRequest } from '../../src/mapping/user-request.js';
import type { ColumnsState, ColumnUse, ColumnView, MappingChange } from '../../src/page/api/columns.js';
import type { PageState } from '../../src/page/api/state.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { baseSchema } from '../../src/validation/user-schema.js';

import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { fixture } from '../helpers/workplace.js';
import { pageScene, type PageClient, type PageScene } from './page-client.js';

async function open(
  client: PageClient,
  text: string | Uint8Array,
  name = 'people.csv',
): Promise<ColumnsState> {
  const { text: state } = await client.sendBytes('PUT', `/api/file?name=${encodeURIComponent(name)}`, text);
  return columnsOf(JSON.parse(state) as PageState);
}

async function change(client: PageClient, body: MappingChange): Promise<ColumnsState> {
  return columnsOf(await client.json<PageState>('PUT', '/api/mapping', body));
}

async function use(client: PageClient, name: string, to: ColumnUse): Promise<ColumnsState> {
  const { columns } = await client.state();
  const index = columns?.columns.find((column) => column.name === name)?.index ?? -1;
  return change(client, { kind: 'column', index, name, use: to });
}

function columnsOf({ columns, file }: PageState): ColumnsState {
  if (columns === undefined) throw new Error(`There are no columns: ${file?.problem?.message ?? ''}`);
  return columns;
}

function column({ columns }: ColumnsState, name: string): ColumnView {
  const found = columns.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no column ${name}.`);
  return found;
}

async function download(client: PageClient): Promise<string> {
  const { status, text, headers } = await client.request('GET', '/api/mapping.yaml');
  expect(status).toBe(200);
  expect(headers['content-disposition']).toBe("attachment; filename*=UTF-8''people.yaml");
  return text;
}

const PEOPLE = [
  'E-Mail;Vorname;Nachname;Land;Eintritt;Handy;Abteilung;Badge',
  'yuki@example.com;Yuki;Sato;Japan;03.11.2026;030 901820;Design;17',
  'omar@example.com;Omar;Haddad;Germany;13.11.2026;030 901821;Sales;18',
  '',
].join('\n');

it('a column has its place in the file, where empty columns count', async () => {
  const { client } = await pageScene();

  const { columns } = await open(client, 'E-Mail,,Vorname,Nachname\nyuki@example.com,,Yuki,Sato\n');

  expect(columns.map(({ name, position }) => [name, position])).toEqual([
    ['E-Mail', 1],
    ['Vorname', 3],
    ['Nachname', 4],
  ]);
});

describe('the columns of a file', () => {
  it('are read by their names, each with samples, a reason and what they would send', async () => {
    const { client } = await pageScene();

    const columns = await open(client, PEOPLE);

    expect(column(columns, 'E-Mail')).toMatchObject({
      use: { kind: 'attribute', path: 'profile.email' },
      confidence: 'certain',
      alsoFeeds: ['profile.login'],
      samples: [
        { text: 'yuki@example.com', sent: 'yuki@example.com' },
        { text: 'omar@example.com', sent: 'omar@example.com' },
      ],
    });
    expect(column(columns, 'Vorname')).toMatchObject({
      use: { kind: 'attribute', path: 'profile.firstName' },
      reason: 'usual name (German)',
    });
    expect(columns.missing).toEqual([]);
    expect(columns.isOrgSchema).toBe(false);
  });

  it('that are unknown are to be decided, and keep the next step closed until they are', async () => {
    const { server, client } = await pageScene();
    const columns = await open(client, PEOPLE);
    expect(column(columns, 'Badge')).toMatchObject({ use: { kind: 'undecided' }, confidence: 'none' });
    expect((await client.state()).openSteps).not.toContain('check');

    await use(client, 'Badge', { kind: 'attribute', path: 'profile.employeeNumber' });
    await change(client, { kind: 'ignore-undecided' });

    expect((await client.state()).openSteps).toContain('check');
    expect(server.session.columns?.mappingFile?.fields).toContainEqual(
      expect.objectContaining({ path: 'profile.employeeNumber' }),
    );
  });

  it('name what Okta requires and no column feeds', async () => {
    const { client } = await pageScene();

    const columns = await open(client, 'E-Mail,Department\nyuki@example.com,Design\n');

    expect(columns.missing).toEqual(['profile.firstName', 'profile.lastName']);
  });

  it('list the attributes with their labels, the required ones first', async () => {
    const { client } = await pageScene();

    const { attributes } = await open(client, PEOPLE);

    expect(attributes[0]).toMatchObject({ path: 'profile.login', label: 'Username', isRequired: true });
    expect(attributes.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['groupIds', 'type.id', 'realmId']),
    );
    expect(attributes.map(({ label }) => label)).not.toContain('');
  });

  it('with secrets are masked, also when the person says that they are secrets', async () => {
    const { client } = await pageScene();
    const text =
      'login,Password,Word\nyuki@example.com,Tr0ub4dor,c0rrect\nomar@example.com,"h0rse, b,x",b4ttery\n';
    const columns = await open(client, text);
    expect(column(columns, 'Password').samples).toEqual([{ text: '••••••' }, { text: '••••••' }]);
    expect(column(columns, 'Word').samples[0]?.text).toBe('c0rrect');

    await use(client, 'Password', { kind: 'ignore' });
    await use(client, 'Word', { kind: 'attribute', path: 'credentials.password.value' });

    const { text: state } = await client.request('GET', '/api/state');
    const mapping = (JSON.parse(state) as PageState).columns;
    expect(mapping?.columns.map(({ samples }) => samples[0]?.text)).toEqual([
      'yuki@example.com',
      '••••••',
      '••••••',
    ]);
    expect(JSON.stringify(mapping)).not.toMatch(/Tr0ub4dor|c0rrect|h0rse|b4ttery/);
  });

  it('of a row with a shifted secret are not shown', async () => {
    const { client } = await pageScene();

    const columns = await open(
      client,
      'login,title,password\nyuki@example.com,Tr0ub4dor\nomar@example.com,Dev,x1y2\n',
    );

    expect(JSON.stringify(columns)).not.toContain('Tr0ub4dor');
  });

  it('can have hostile names and cells', async () => {
    const { server, client, errors } = await pageScene();
    const names = [
      'login',
      '<img src=x onerror=alert(1)>',
      '{{ row | constructor }}',
      'constructor',
      '"}, a: {',
      '\u202Etxt',
    ];
    const cells = ['yuki@example.com', '<script>', '=cmd|x', '{{7*7}}', '\u001B[31m', '"'];
    const csv = [names, cells]
      .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
      .join('\n');
    await open(client, csv);

    for (const name of names.slice(1)) await use(client, name, { kind: 'attribute', path: 'profile.title' });
    const last = await change(client, { kind: 'ignore-undecided' });
    for (const name of names.slice(2)) await use(client, name, { kind: 'ignore' });

    expect(last.problems).toMatchObject([
      { message: expect.stringContaining('gets its value from one column') },
    ]);
    expect(server.session.columns?.mappingFile?.ignore.map(({ column: name }) => name)).toEqual(
      names.slice(2),
    );
    expect(errors).toEqual([]);
  });
});

describe('a change of a column', () => {
  it('splits lists, reads dates and phone numbers, and replaces values', async () => {
    const { client } = await pageScene();
    await open(client, PEOPLE);
    expect(column(await open(client, PEOPLE), 'Eintritt').dateFormat).toBe('dd.MM.yyyy');

    await use(client, 'Land', {
      kind: 'attribute',
      path: 'profile.countryCode',
      values: { Japan: 'JP', Germany: 'DE' },
    });
    await use(client, 'Eintritt', { kind: 'attribute', path: 'profile.costCenter', date: 'dd.MM.yyyy' });
    await use(client, 'Abteilung', { kind: 'attribute', path: 'groupIds', split: [';', ','] });
    const columns = await use(client, 'Handy', {
      kind: 'attribute',
      path: 'profile.mobilePhone',
      phoneCountry: 'de',
    });

    const sent = (name: string) => column(columns, name).samples.map((sample) => sample.sent);
    expect(sent('Land')).toEqual(['JP', 'DE']);
    expect(sent('Eintritt')).toEqual(['2026-11-03', '2026-11-13']);
    expect(sent('Handy')).toEqual(['+4930901820', '+4930901821']);
    expect(sent('Abteilung')).toEqual(['Design', 'Sales']);
    const yaml = await download(client);
    expect(yaml).toContain('countryCode: { column: Land, values: { Japan: JP, Germany: DE } }');
    expect(yaml).toContain('mobilePhone: { column: Handy, e164: DE }');
  });

  it('splits whole names', async () => {
    const { client } = await pageScene();
    await open(client, 'Email,Who\nyuki@example.com,Sato Yuki\nomar@example.com,Dr. Omar Haddad\n');

    const columns = await use(client, 'Who', { kind: 'full-name' });

    expect(column(columns, 'Who').samples[1]).toEqual({ text: 'Dr. Omar Haddad', sent: 'Omar · Haddad' });
    expect(columns.missing).toEqual([]);
    expect(await download(client)).toContain('firstName: { fullName: Who, part: given }');
  });

  it('says what is wrong with a value of the first rows', async () => {
    const { client } = await pageScene();
    await open(client, PEOPLE);

    const columns = await use(client, 'Eintritt', {
      kind: 'attribute',
      path: 'profile.costCenter',
      date: 'MM/dd/yyyy',
    });

    expect(column(columns, 'Eintritt').sampleProblem).toContain('must be a date in the format MM/dd/yyyy');
  });

  it('to an attribute that another column feeds is a problem, which names both', async () => {
    const { server, client } = await pageScene();
    await open(client, PEOPLE);
    await change(client, { kind: 'ignore-undecided' });

    const columns = await use(client, 'Badge', { kind: 'attribute', path: 'profile.department' });

    expect(columns.problems).toEqual([
      {
        column: 'Badge',
        message:
          'Department gets its value from one column, but "Abteilung" and "Badge" are set to it. Choose something else for one of them.',
      },
    ]);
    expect(server.session.columns?.mappingFile).toBeUndefined();
    expect(column(columns, 'Abteilung').samples[0]).toEqual({ text: 'Design', sent: 'Design' });
    expect(column(columns, 'Badge').samples[0]).toEqual({ text: '17' });
  });

  it('to a list that another column feeds makes one list of both', async () => {
    const { client } = await pageScene();
    await open(client, 'login,Team,Club\nyuki@example.com,Design,Chess\n');
    await use(client, 'Team', { kind: 'attribute', path: 'groupIds' });

    const columns = await use(client, 'Club', { kind: 'attribute', path: 'groupIds' });

    expect(columns.problems).toEqual([]);
    expect(column(columns, 'Club').samples[0]?.sent).toBe('Design · Chess');
    expect(await download(client)).toContain('groups: { columns: [Team, Club] }');
  });

  it('without a login or email is a problem', async () => {
    const { client } = await pageScene();
    await open(client, 'login,title\nyuki@example.com,Dev\n');

    const columns = await use(client, 'login', { kind: 'ignore' });

    expect(columns.problems).toMatchObject([
      { message: expect.stringContaining('No column provides the login') },
    ]);
    const none = await use(client, 'title', { kind: 'ignore' });
    expect(none.problems).toMatchObject([
      { message: expect.stringContaining('No column is sent to Okta yet') },
    ]);
  });

  it.each([
    [{ kind: 'attribute', path: 'profile.title', date: 'qq' }, 'is not a date format'],
    [{ kind: 'attribute', path: 'profile.title', phoneCountry: 'UK' }, 'is not the code of a country'],
    [{ kind: 'attribute', path: 'profile.title', split: [''] }, 'invalid'],
    [{ kind: 'attribute', path: 'profile.title', values: { a: 1 } }, 'invalid'],
    [{ kind: 'attribute' }, 'invalid'],
    [{ kind: 'fixed', paths: [] }, 'invalid'],
    [null, 'invalid'],
  ])('that is none is refused with a sentence: %j', async (wrong, message) => {
    const { client } = await pageScene();
    const before = await open(client, PEOPLE);

    const { status, text } = await client.request('PUT', '/api/mapping', {
      kind: 'column',
      index: 0,
      name: 'E-Mail',
      use: wrong,
    });

    expect(status).toBe(400);
    expect(text).toContain(message);
    expect((await client.state()).columns).toEqual(before);
  });

  it('of a file that another tab has replaced is refused, and the tab gets the new columns', async () => {
    const { server, client } = await pageScene();
    await open(client, PEOPLE);
    const other = await client.state();
    await open(client, 'Mail,Title\nyuki@example.com,Dev\n', 'other.csv');

    const { status } = await client.request('PUT', '/api/mapping', {
      kind: 'column',
      index: 1,
      name: 'Vorname',
      use: { kind: 'ignore' },
    });

    expect(status).toBe(409);
    expect(server.session.state.revision).toBeGreaterThan(other.revision);
    expect(column(columnsOf(await client.state()), 'Title').use.kind).toBe('attribute');
  });

  it('shows in the other tab', async () => {
    const { client } = await pageScene();
    await open(client, PEOPLE);
    const otherTab = client.untilState(({ columns }) => columns?.columns[7]?.confidence === 'chosen');

    await use(client, 'Badge', { kind: 'ignore' });

    expect((await otherTab).columns?.columns[7]?.use).toEqual({ kind: 'ignore' });
  });

  it('is kept when the file is read again in another way, and with the same header', async () => {
    const { client } = await pageScene();
    await open(client, Buffer.from('login,Rôle\nyuki@example.com,Développeuse\n', 'latin1'));
    await use(client, 'Rôle', { kind: 'attribute', path: 'profile.title' });

    const state = await client.json<PageState>('PUT', '/api/reading', { encoding: 'iso-8859-15' });

    expect(column(columnsOf(state), 'Rôle').confidence).toBe('chosen');
  });
});

describe('a mapping file', () => {
  it('that was loaded is shown, with what the page cannot change', async () => {
    const { client } = await pageScene();
    await open(client, 'Mail,Given,Family,Remote,Note\nYuki@Example.com,Yuki,Sato,ja,x\n');
    const yaml = `profile:
  login: '{{ row["Mail"] | downcase }}'
  email: Mail
  firstName: Given
  lastName: Family
  displayName: '{{ Given }} {{ Family }}'
  remote: { column: Remote, true: [ja] }
ignore: [Note]
`;

    const columns = await change(client, { kind: 'load', fileName: 'staff.yaml', yaml });

    expect(columns).toMatchObject({ mappingName: 'staff.yaml', problems: [] });
    expect(column(columns, 'Mail')).toMatchObject({
      use: { path: 'profile.email' },
      reason: 'in staff.yaml',
    });
    expect(column(columns, 'Remote').use).toEqual({ kind: 'fixed', paths: ['profile.remote'] });
    expect(columns.fixedFields.map(({ path }) => path)).toEqual([
      'profile.login',
      'profile.displayName',
      'profile.remote',
    ]);
    const changed = await use(client, 'Remote', { kind: 'ignore' });
    expect(changed.problems).toEqual([]);
    expect(changed.fixedFields.map(({ path }) => path)).toEqual(['profile.login', 'profile.displayName']);
    expect((await client.state()).openSteps).toContain('check');
  });

  it('that is none is refused with its lines, and changes nothing', async () => {
    const { client } = await pageScene();
    const before = await open(client, PEOPLE);

    const { status, text } = await client.request('PUT', '/api/mapping', {
      kind: 'load',
      fileName: 'staff.yaml',
      yaml: 'profile:\n  login: { colum: Mail }\n',
    });

    expect(status).toBe(422);
    expect(text).toContain('staff.yaml:2: Unknown key');
    expect((await client.state()).columns).toEqual(before);
  });

  it.each([
    ['comments', '# By the staff team\nprofile: { login: E-Mail } # work address\n', true],
    ['the comment of a saved one only', '# Mapping for staff.csv\nprofile: { login: E-Mail }\n', false],
    ['a value that looks like one', 'profile:\n  login: E-Mail\n  title: { value: "a # b" }\n', false],
  ])('shows whether its comments are lost when it is saved: %s', async (_, yaml, losesComments) => {
    const { client } = await pageScene();
    await open(client, PEOPLE);

    const columns = await change(client, { kind: 'load', fileName: 'staff.yaml', yaml });

    expect(columns).toMatchObject({ losesComments });
    expect(await change(client, { kind: 'reset' })).toMatchObject({ losesComments: false });
  });

  it('can be left by a reset', async () => {
    const { client } = await pageScene();
    const before = await open(client, PEOPLE);
    await change(client, {
      kind: 'load',
      fileName: 'staff.yaml',
      yaml: 'profile: { login: E-Mail }\nignore: [Land]',
    });

    expect(await change(client, { kind: 'reset' })).toEqual(before);
  });
});

it('import --mapping of the downloaded mapping creates the users that the page shows', async () => {
  const { client, at, server } = await pageScene();
  await open(client, PEOPLE);
  await use(client, 'Land', {
    kind: 'attribute',
    path: 'profile.countryCode',
    values: { Japan: 'JP', Germany: 'DE' },
  });
  await use(client, 'Handy', { kind: 'attribute', path: 'profile.mobilePhone', phoneCountry: 'DE' });
  await use(client, 'Abteilung', { kind: 'attribute', path: 'profile.department' });
  await use(client, 'Eintritt', { kind: 'attribute', path: 'profile.costCenter', date: 'dd.MM.yyyy' });
  await change(client, { kind: 'ignore-undecided' });
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  at.file('people.csv', PEOPLE);
  at.file('people.yaml', await download(client));

  const { exitCode } = await cli(['import', 'people.csv', '--mapping', 'people.yaml', '--no-activate'], {
    at,
    env: orgSettings(okta),
  });

  expect(exitCode).toBe(0);
  const response = await fetch(`${okta.url}/api/v1/users?limit=200`, {
    headers: { Authorization: `SSWS ${okta.token}` },
  });
  const users = (await response.json()) as { readonly profile: Readonly<Record<string, unknown>> }[];
  const created = users.map(({ profile }) => profile);
  const { table } = server.session.file ?? {};
  const mapping = compileMapping(table?.header ?? [], {
    mappingFile: server.session.columns?.mappingFile,
    attributes: baseSchema.attributes,
    isOrgSchema: false,
  });
  const shown = table?.samples.map(
    (cells, at) => toUserRequest({ row: at + 1, line: at + 1, cells }, mapping).request.profile,
  );
  expect(shown).toHaveLength(2);
  for (const profile of shown ?? []) expect(created).toContainEqual(expect.objectContaining(profile));
  expect(created).toContainEqual(
    expect.objectContaining({ countryCode: 'JP', mobilePhone: '+4930901820', costCenter: '2026-11-03' }),
  );
});

/** Every file with a header that people use. */
const FILES = [
  ...readdirSync(fixture('spreadsheets')).map((name) => `spreadsheets/${name}`),
  ...readdirSync(fixture('exports')).map((name) => `exports/${name}`),
  ...readdirSync(fixture('ways'))
    .filter((name) => name.endsWith('.csv'))
    .map((name) => `ways/${name}`),
];

describe.each(FILES)('the mapping of %s', (name) => {
  async function decided(): Promise<PageScene> {
    const scene = await pageScene();
    await open(scene.client, readFileSync(fixture(name)));
    await change(scene.client, { kind: 'ignore-undecided' });
    return scene;
  }

  it('sends the same as the one that the command mapping writes', async () => {
    const { server } = await decided();
    const { table } = server.session.file ?? {};
    if (table === undefined) throw new Error('There is no table.');
    const { header, samples, path, found } = table;
    const attributes = baseSchema.attributes;
    const known = { attributes: new Map(Object.entries(attributes)), isOrgSchema: false };
    const drafted = draftMapping({
      header,
      samples,
      known,
      required: baseSchema.required,
      fileName: name,
      checkCommand: '',
    });
    const mappingOf = (mappingFile: MappingFile | undefined) =>
      compileMapping(header, { mappingFile, attributes, isOrgSchema: false, samples });
    const own = mappingOf(server.session.columns?.mappingFile);
    const other = mappingOf(parseMappingFile(drafted, 'draft.yaml'));

    const { rows } = await readCsv(createReadStream(path), { found });
    for await (const row of rows) expect(toUserRequest(row, own)).toEqual(toUserRequest(row, other));
  });

  it('that is downloaded and loaded again is the same', async () => {
    const { client } = await decided();
    const { columns: before } = await client.state();
    const yaml = await download(client);
    await change(client, { kind: 'reset' });

    const columns = await change(client, { kind: 'load', fileName: 'people.yaml', yaml });

    expect(columns.columns.map((each) => each.use)).toEqual(before?.columns.map((each) => each.use));
    expect(columns).toMatchObject({ problems: before?.problems, missing: before?.missing, yaml });
    expect(columns.fixedFields).toEqual(before?.fixedFields);
  });
});
