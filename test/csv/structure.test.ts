import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';

import { inChunks, readAll } from './read.js';

const HEADER = 'login,email,firstName,lastName';
const [MIRA, OSEI, PRADO] = [
  'mira@example.com,mira@example.com,Mira,Kuehn',
  'osei@example.com,osei@example.com,Tobias,Osei',
  'prado@example.com,prado@example.com,Ines,Prado',
];
const PEOPLE = [HEADER, MIRA, OSEI, PRADO];

/** One kind of damage per entry; each has at least two files. */
const DAMAGED: Readonly<Record<string, readonly (readonly [what: string, file: string, message: RegExp])[]>> =
  {
    'whole lines in quotes': [
      [
        'with doubled quotes inside',
        inQuotes(PEOPLE.map(cellsInQuotes)),
        /^Whole lines are in quotes, such as line 1/,
      ],
      ['without quotes inside', inQuotes(PEOPLE), /^Whole lines are in quotes, such as line 1/],
      [
        'except the header',
        `${HEADER}\n${inQuotes(PEOPLE.slice(1))}`,
        /^Whole lines are in quotes, such as line 2/,
      ],
      [
        'only half, as Intune needs it',
        `"login,""email"",""firstName"""\n"mira@example.com","mira@example.com"",""Mira"`,
        /^Whole lines are in quotes, such as line 1/,
      ],
      [
        'with semicolons',
        inQuotes(PEOPLE.map((line) => line.replaceAll(',', ';'))),
        /^Whole lines are in quotes/,
      ],
    ],
    'columns that are only aligned': [
      [
        'as a report prints them',
        'login               firstName  lastName\nmira@example.com    Mira       Kuehn\n',
        /^The columns on line 1 are separated by spaces, as in a printed table/,
      ],
      [
        'in German, with wide columns',
        'E-Mail                        Vorname             Nachname\nmira@example.com              Mira                Kuehn\n',
        /^The columns on line 1 are separated by spaces/,
      ],
    ],
    'a column for each person': [
      [
        'in English',
        'login,mira@example.com,osei@example.com\nfirstName,Mira,Tobias\nlastName,Kuehn,Osei\n',
        /^The first column has the names of the columns \("login", "firstName"\), so each person is a column/,
      ],
      [
        'in French',
        'Courriel;mira@example.com;osei@example.com\nPr\u00e9nom;Mira;Tobias\nNom;Kuehn;Osei\n',
        /^The first column has the names of the columns \("Courriel", "Pr\u00e9nom"\)/,
      ],
    ],
    'quotes that CSV does not have': [
      ['single', eachCell((cell) => `'${cell}'`), /^The cells on line 1 are in single quotes \('login'\)/],
      [
        'single, except the header',
        `${HEADER}\n${eachCell((cell) => `'${cell}'`, PEOPLE.slice(1))}`,
        /^The cells on line 2 are in single quotes, /,
      ],
      [
        'typographic',
        eachCell((cell) => `“${cell}”`),
        /^The cells on line 1 are in typographic quotes \(“login”\)/,
      ],
      ['German', eachCell((cell) => `„${cell}“`), /in typographic quotes \(„login“\)/],
      [
        'doubled',
        eachCell((cell) => `"""${cell}"""`),
        /^The cells on line 1 are in two pairs of quotes \("login"\)/,
      ],
      ['of a database', eachCell((cell) => `\`${cell}\``), /in backticks \(`login`\)/],
      [
        'after a space',
        PEOPLE.map((line) => line.replaceAll(',', ', "').replaceAll(/(?<=, "[^,]*)(?=,|$)/g, '"')).join('\n'),
        /^A space precedes the quotes on line 1/,
      ],
    ],
    'an unusual delimiter': [
      [
        'full-width commas',
        PEOPLE.join('\n').replaceAll(',', '，'),
        /^The columns on line 1 are separated by full-width commas \(，\)/,
      ],
      ['ideographic commas', PEOPLE.join('\n').replaceAll(',', '、'), /separated by ideographic commas/],
      ['Arabic commas', PEOPLE.join('\n').replaceAll(',', '،'), /separated by Arabic commas/],
      ['carets', PEOPLE.join('\n').replaceAll(',', '^'), /separated by "\^"/],
      ['unit separators', PEOPLE.join('\n').replaceAll(',', '\u001f'), /separated by unit separators/],
    ],
    'rows with another delimiter than the header': [
      [
        'semicolons',
        rowsWith(';'),
        /^The header is separated by commas, but the rows by semicolons, such as line 2\./,
      ],
      ['tabs', rowsWith('\t'), /but the rows by tabs/],
      ['full-width commas', rowsWith('，'), /but the rows by full-width commas/],
      [
        'commas, below semicolons',
        `${HEADER.replaceAll(',', ';')}\n${PEOPLE.slice(1).join('\n')}`,
        /^The header is separated by semicolons, but the rows by commas/,
      ],
      [
        'semicolons that also end the line',
        `${rowsWith(';').replaceAll('\n', ';;\n')};;`.replace(';;', ''),
        /but the rows by semicolons/,
      ],
    ],
    'lines that end with another delimiter': [
      [
        'several times',
        'First Name,Last Name,Email,title\nMira,Kuehn,mira@example.com,Engineer;;;;\nTobias,Osei,osei@example.com,;;;;\nInes,Prado,prado@example.com,Buyer;;;;\n',
        /^Nearly every row, such as that on line 2, ends with ";;;;", but its cells are separated by commas\./,
      ],
      [
        'in the header as well',
        'First Name,Last Name,Email,title;;;;\nMira,Kuehn,mira@example.com,Engineer;;;;\n',
        /^The header on line 1 ends with ";;;;"/,
      ],
      [
        'once',
        `${HEADER}\n${[MIRA, OSEI, PRADO].map((line) => `${line};`).join('\n')}`,
        /^Nearly every row, .* ends with ";"/,
      ],
      [
        'tabs after semicolons',
        `${HEADER.replaceAll(',', ';')}\n${[MIRA, OSEI].map((line) => `${line.replaceAll(',', ';')}\t\t`).join('\n')}`,
        /^Nearly every row, .* ends with 2 tabs, but its cells are separated by semicolons/,
      ],
      [
        'all but one',
        `${HEADER}\n${[MIRA, OSEI, PRADO, MIRA].map((line) => `${line},,`.replace(/,,$/, ';;;')).join('\n')}\n${OSEI}\n`,
        /^Nearly every row, .* ends with ";;;"/,
      ],
    ],
  };

describe.each(Object.entries(DAMAGED))('%s', (_, files) => {
  it.each(files)('stop the file: %s', async (__, file, message) => {
    for (const chunkBytes of [Infinity, 1]) {
      const { rows, error } = await readAll(inChunks(file, chunkBytes));

      expect(error).toMatchObject({ code: 'ERR_CSV_STRUCTURE', message: expect.stringMatching(message) });
      expect(error?.hint).toMatch(/\bagain\b/);
      expect(rows).toEqual([]);
    }
  });
});

it.each([
  [
    'a list of groups with separators at its end',
    `${HEADER},groups\n${[MIRA, OSEI, PRADO].map((line) => `${line},Sales;`).join('\n')}`,
  ],
  [
    'separators inside the last cell',
    `${HEADER},Notes\n${[MIRA, OSEI, PRADO].map((line) => `${line},a;b;`).join('\n')}`,
  ],
  ['a few padded rows', `${HEADER}\n${MIRA};;;\n${OSEI}\n${PRADO}\n`],
  ['single quotes inside names', `${HEADER}\n${MIRA.replace('Kuehn', "O'Neill'")}\n`],
  ['quoted cells', eachCell(cellInQuotes)],
  ['one column with quotes', `login\n"mira@example.com"\n"osei@example.com"\n`],
  ['a nickname in quotes', `login,nickName\nmira@example.com,"""Mimi"""\n`],
  ['full-width commas inside cells', `${HEADER},postalAddress\n${MIRA},北京，朝阳\n`],
])('%s are no damage', async (_, file) => {
  const { error } = await readAll(inChunks(file));

  expect(error).toBeUndefined();
});

describe('Git conflict markers stop the file', () => {
  const [ours, between, theirs] = [`${'<'.repeat(7)} HEAD`, '='.repeat(7), `${'>'.repeat(7)} new-hires`];

  it.each([
    [
      'of a row',
      [HEADER, MIRA, ours, OSEI, between, PRADO, theirs],
      1,
      'Line 3 is a Git conflict marker (<<<<<<<)',
    ],
    [
      'of the header',
      [ours, HEADER, between, `${HEADER},title`, theirs, MIRA],
      0,
      'Line 5 is a Git conflict marker (>>>>>>>)',
    ],
  ])('%s', async (_, lines, before, message) => {
    const { rows, error } = await readAll(inChunks(lines.join('\r\n')));

    expect(error).toMatchObject({ code: 'ERR_CSV_STRUCTURE', message: expect.stringContaining(message) });
    expect(error?.hint).toContain('Resolve the conflict');
    expect(rows).toHaveLength(before);
  });
});

it('a second reading does not check again', async () => {
  const found = { encoding: 'utf-8', delimiter: ',', headerLine: 1, notices: [] };

  const { rows, error } = await readAll(inChunks(rowsWith(';')), { found });

  expect(error).toBeUndefined();
  expect(rows).toHaveLength(3);
});

describe('a row of one cell', () => {
  it.each([
    [
      'in quotes',
      `"${MIRA.replaceAll(',', '"",""')}"`,
      /^The whole line is in quotes, so it is a single cell\./,
    ],
    [
      'with other delimiters',
      MIRA.replaceAll(',', ';'),
      /^The line is separated by semicolons, but the header by commas\./,
    ],
    ['with full-width commas', MIRA.replaceAll(',', '，'), /^The line is separated by full-width commas/],
  ])('is explained: %s', async (_, line, message) => {
    const { rows, error } = await readAll(inChunks(`${HEADER}\n${line}\n${OSEI}\n${PRADO}\n`));

    expect(error).toBeUndefined();
    expect(rows.map(({ oneCell }) => oneCell)).toEqual([
      expect.stringMatching(message),
      undefined,
      undefined,
    ]);
  });

  it('is left alone if it is a remark that contains a delimiter', async () => {
    const { rows } = await readAll(inChunks(`${PEOPLE.join('\n')}\n"Confidential, for HR only"\n`));

    expect(rows.at(-1)?.oneCell).toBeUndefined();
  });

  it('is left alone if nothing separates it', async () => {
    const { rows } = await readAll(inChunks(`${HEADER}\nmira@example.com\n${OSEI}\n${PRADO}\n`));

    expect(rows.map(({ oneCell }) => oneCell)).toEqual([undefined, undefined, undefined]);
  });
});

describe('a text that is no CSV', () => {
  const person = '{"login": "mira@example.com", "firstName": "Mira"}';

  it.each([
    ['JSON', `[\n  ${person},\n  ${person}\n]\n`, /it is JSON\.$/, /jq -r/],
    ['JSON in one line', `[${person},${person}]`, /it is JSON\.$/, /jq -r/],
    ['JSON rows', '[["login","email"],["mira@example.com","mira@example.com"]]', /it is JSON\.$/, /CSV/],
    ['a JSON object', `{\n  "users": [${person}]\n}`, /it is JSON\.$/, /CSV/],
    [
      'an error of a server',
      '{"errorCode":"E0000011","errorSummary":"Invalid token provided"}',
      /it is JSON\.$/,
      /response of a server/,
    ],
    ['NDJSON', `${person}\n${person}\n`, /it is NDJSON \(one JSON object per line\)/, /jq -rs/],
    ['Python objects', `{'login': 'mira'}\n{'login': 'osei'}\n`, /it is NDJSON/, /CSV/],
    [
      'a sign-in page',
      '<!DOCTYPE html>\n<html><head><title>Sign in - Example</title></head></html>',
      /it is a web page \("Sign in - Example"\)/,
      /sign in/,
    ],
    [
      'a table for Excel',
      '<table border="1">\n<tr><th>login</th><th>email</th></tr>\n</table>',
      /it is a web page\.$/,
      /open it in a spreadsheet/,
    ],
    [
      'a page with a comment first',
      '\n<!-- export -->\n<div>Please sign in.</div>',
      /it is a web page\.$/,
      /CSV/,
    ],
    ['XML', '<users>\n  <user login="mira@example.com"/>\n</users>', /it is XML\.$/, /CSV/],
    ['LDIF', 'version: 1\n\ndn: CN=Mira,DC=example,DC=com\nobjectClass: user\n', /it is LDIF/, /CSV/],
    ['vCard', 'BEGIN:VCARD\nVERSION:3.0\nFN:Mira Kuehn\nEND:VCARD\n', /vCard/, /CSV/],
    ['SQL', "-- dump\nINSERT INTO users (login, email) VALUES ('mira', 'mira@example.com');\n", /SQL/, /CSV/],
    ['YAML', '- login: mira@example.com\n  firstName: Mira\n', /YAML/, /CSV/],
    ['RTF', '{\\rtf1\\ansi login, email}', /RTF/, /CSV/],
    [
      'a PowerShell list',
      '\nUserPrincipalName : mira@example.com\nGivenName         : Mira\n',
      /as PowerShell prints it/,
      /Export-Csv/,
    ],
    [
      'a PowerShell table',
      '\nUserPrincipalName GivenName\n----------------- ---------\nmira@example.com  Mira\n',
      /line of dashes on line 3/,
      /Export-Csv/,
    ],
    [
      'a Markdown table',
      '| login | email |\n|---|---|\n| mira | mira@example.com |\n',
      /line of dashes on line 2/,
      /Export it as CSV/,
    ],
    [
      'a pointer of Git LFS',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
      /a pointer to a file in Git LFS/,
      /git lfs pull/,
    ],
    ['a message of PGP', '-----BEGIN PGP MESSAGE-----\n\nhQEMA\n', /encrypted with PGP/, /gpg --decrypt/],
    [
      'a table of psql',
      ' login | email \n-------+-------\n mira  | m@example.com\n',
      /line of dashes on line 2/,
      /psql/,
    ],
  ])('is recognized: %s', async (_, text, message, hint) => {
    for (const content of [Buffer.from(text), Buffer.from(`\uFEFF${text}`, 'utf16le')]) {
      const { error } = await readAll(inChunks(content));

      expect(error).toMatchObject({
        code: 'ERR_NOT_CSV',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
    }
  });

  it.each([
    ['a name in brackets', '[login],[email]\nmira@example.com,mira@example.com\n'],
    ['a name with a colon', 'Login: ,Email: \nmira@example.com,mira@example.com\n'],
    ['unknown names', 'Kennung,Stelle\nmira,Vertrieb\n'],
  ])('is not suspected because of %s', async (_, text) => {
    const { error } = await readAll(inChunks(text));

    expect(error).toBeUndefined();
  });
});

it.each([
  ['little-endian', 'utf-32le'],
  ['big-endian', 'utf-32be'],
])('recognizes UTF-32, %s', async (_, encoding) => {
  const { error } = await readAll(
    inChunks(iconv.encode(`${PEOPLE.join('\n')}\n`, encoding, { addBOM: true })),
  );

  expect(error).toMatchObject({ message: expect.stringContaining('it is text in UTF-32') });
});

it('names quotes that are escaped with a backslash', async () => {
  const { error } = await readAll(
    inChunks(`${HEADER}\nmira@example.com,mira@example.com,"M \\"Mimi\\" R",Kuehn\n`),
  );

  expect(error).toMatchObject({
    code: 'ERR_CSV_TEXT_AFTER_QUOTE',
    message: expect.stringContaining('a quote is escaped with a backslash'),
  });
});

function cellInQuotes(cell: string): string {
  return `"${cell}"`;
}

function cellsInQuotes(line: string): string {
  return line.split(',').map(cellInQuotes).join(',');
}

/** Lines that are each one quoted cell. */
function inQuotes(lines: readonly string[]): string {
  return lines.map((line) => `"${line.replaceAll('"', '""')}"`).join('\n');
}

function eachCell(change: (cell: string) => string, lines: readonly string[] = PEOPLE): string {
  return lines.map((line) => line.split(',').map(change).join(',')).join('\n');
}

function rowsWith(delimiter: string): string {
  return `${HEADER}\n${PEOPLE.slice(1).join('\n').replaceAll(',', delimiter)}`;
}
