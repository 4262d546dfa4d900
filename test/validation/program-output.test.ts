import { describe, expect, it } from 'vitest';

import { ada, check, warningsOf } from './build.js';

const warningOf = (name: string, text: string) => warningsOf([{ ...ada, [name]: text }]).flat();

describe('output of another program in an attribute is a warning', () => {
  it.each([
    ['department', 'System.String[]', 'the name of a .NET type'],
    ['department', 'System.Collections.Generic.List`1[System.String]', 'the name of a .NET type'],
    ['manager', 'Microsoft.ActiveDirectory.Management.ADPropertyValueCollection', 'the name of a .NET type'],
    ['title', '@{Name=Buyer; Level=3}', 'a PowerShell object'],
    ['manager', '[object Object]', 'a JavaScript object'],
    ['manager', '[object Object],[object Object]', 'a JavaScript object'],
    ['department', '[Ljava.lang.String;@1b28cdfa', 'a Java object'],
    ['department', 'com.example.Unit@6d06d69c', 'a Java object'],
    ['manager', '<__main__.User object at 0x7f3a2c>', 'a Python or Ruby object'],
    ['manager', '<User: mira>', 'a Python or Ruby object'],
    ['manager', '#<User:0x000055>', 'a Python or Ruby object'],
    ['title', "Decimal('3')", 'a literal of a programming language'],
    ['title', 'datetime.date(2026, 1, 2)', 'a literal of a programming language'],
    ['division', "['Sales', 'Support']", 'a list of a programming language'],
    ['division', '{Sales,Support}', 'an object or a list'],
    ['division', '{"id": 7}', 'an object or a list'],
    ['displayName', '{{ first_name }}', 'a placeholder'],
    ['title', '${title}', 'a placeholder'],
    ['firstName', '*|FNAME|*', 'a placeholder'],
    ['department', 'undefined', 'a missing value'],
    ['department', 'nan', 'a missing value'],
    ['city', '(null)', 'a missing value'],
    ['city', '\\N', 'a missing value'],
    ['city', 'None', 'a missing value'],
    ['city', 'NULL', 'a missing value'],
    ['city', '<nil>', 'a missing value'],
    ['division', 'Array', 'a missing value'],
    ['firstName', 'undefined', 'a missing value'],
    ['lastName', '(null)', 'a missing value'],
  ])('%s %j: %s', (name, text, what) => {
    expect(check({ [name]: text })).toEqual([]);
    expect(warningOf(name, text)).toEqual([
      {
        code: 'program-output',
        column: name,
        message: expect.stringMatching(/looks like output of another program \(.+\)\. [A-Z]/),
      },
    ]);
    expect(warningOf(name, text)[0]?.message).toContain(`(${what}`);
  });

  it.each([
    ['firstName', "b'Mira'", 'Mira', 'a Python literal'],
    ['lastName', 'u"K\u00fchn"', 'K\u00fchn', 'a Python literal'],
    ['lastName', 'O&#039;Brien', "O'Brien", 'HTML'],
    ['lastName', 'Mu&ntilde;oz', 'Mu\u00f1oz', 'HTML'],
    ['lastName', 'M&#xFC;ller', 'M\u00fcller', 'HTML'],
    ['department', 'R&amp;D', 'R&D', 'HTML'],
    ['department', '<b>Sales</b>', 'Sales', 'HTML'],
    ['firstName', 'Jos\\u00e9', 'Jos\u00e9', 'an escape of JSON'],
    ['firstName', 'Jos\\xe9', 'Jos\u00e9', 'an escape of JSON'],
    ['department', 'Sales\\/Support', 'Sales/Support', 'an escape of JSON'],
    ['lastName', "O\\'Brien", "O'Brien", 'an escape of JSON'],
    ['lastName', 'K%C3%BChn', 'K\u00fchn', 'an escape of a URL'],
    ['displayName', 'Mira%20K%C3%BChn', 'Mira K\u00fchn', 'an escape of a URL'],
    ['lastName', '=?UTF-8?Q?K=C3=BChn?=', 'K\u00fchn', 'an encoded word of a mail'],
    ['displayName', '=?utf-8?B?TWlyYSBLw7xobg==?=', 'Mira K\u00fchn', 'an encoded word of a mail'],
    ['displayName', '=?ISO-8859-1?Q?Andr=E9?= =?ISO-8859-1?Q?_Lee?=', 'Andr\u00e9 Lee', 'an encoded word'],
    ['lastName', 'K=C3=BChn', 'K\u00fchn', 'an escape of a mail'],
    ['lastName', "O''Brien", "O'Brien", 'an apostrophe doubled for SQL'],
    ['firstName', 'Andr+AOk-', 'Andr\u00e9', 'UTF-7'],
    ['department', '+BBwEMARABDgETw-', '\u041c\u0430\u0440\u0438\u044f', 'UTF-7'],
    ['lastName', '~{Mu~}', '\u738b', 'HZ'],
    ['department', '="0042"', '0042', 'a formula that keeps a spreadsheet'],
    ['title', 'Engineer;;;;', 'Engineer', 'delimiters at its end'],
  ])('%s %j, which probably means %j', (name, text, meant, what) => {
    expect(check({ [name]: text })).toEqual([]);
    const [warning, ...others] = warningOf(name, text).filter(({ code }) => code !== 'apostrophe-first');
    expect(others).toEqual([]);
    expect(warning?.message).toContain(`(${what}`);
    expect(warning?.message).toContain(`It probably means "${meant}".`);
  });
});

it.each([
  ['department', 'N/A'],
  ['department', '-'],
  ['title', 'TBD'],
  ['manager', 'n.a.'],
  ['city', '???'],
])('%s %j stands for a missing value, which is a warning', (name, text) => {
  expect(check({ [name]: text })).toEqual([]);
  expect(warningOf(name, text)).toMatchObject([
    { code: 'program-output', message: expect.stringContaining(`"${text}" stands for a missing value.`) },
  ]);
});

describe('output of another program in an ID or a phone number is a problem', () => {
  it.each([
    ['employeeNumber', '100234.0', '"100234"'],
    ['zipCode', '2139.00', '"2139"'],
    ['managerId', '100001.0', '"100001"'],
    ['mobilePhone', '49301234567.0', '"49301234567"'],
    ['employeeNumber', 'None', 'a missing value'],
    ['managerId', 'Null', 'a missing value'],
    ['mobilePhone', 'undefined', 'a missing value'],
    ['primaryPhone', '\\N', 'a missing value'],
    ['primaryPhone', 'true', 'a missing value'],
    ['mobilePhone', 'System.String[]', 'the name of a .NET type'],
    ['employeeNumber', '="00042"', '"00042"'],
    ['employeeNumber', "b'42'", '"42"'],
    ['badgeNumber', '7731.0', '"7731"'],
    ['fax', '(null)', 'a missing value'],
  ])('%s %j', (name, text, words) => {
    const header = name === 'badgeNumber' || name === 'fax' ? `profile.${name}` : name;

    expect(check({ [header]: text })).toEqual([
      { code: 'program-output', column: header, message: expect.stringContaining(words) },
    ]);
  });
});

it.each([
  ['firstName', 'True'],
  ['firstName', 'Nan'],
  ['lastName', 'Null'],
  ['lastName', 'NULL'],
  ['lastName', 'None'],
  ['displayName', 'Null'],
  ['lastName', "O'Brien"],
  ['lastName', "D'Angelo-O'Neil"],
  ['department', 'R&D'],
  ['department', 'R&D;Sales'],
  ['department', 'Sales & Marketing'],
  ['department', 'AT&T; Mobile'],
  ['title', 'Engineer (EMEA)'],
  ['title', 'Head of 100% Club'],
  ['title', 'C# developer'],
  ['title', 'Web 2.0'],
  ['title', 'Null safety lead'],
  ['title', '"Chief" of staff'],
  ['city', 'Nantes'],
  ['state', 'NA'],
  ['title', 'N'],
  ['costCenter', '4411'],
  ['employeeNumber', '100.234'],
  ['employeeNumber', 'A-17.0b'],
  ['mobilePhone', '+49 30 1234567'],
  ['profileUrl', 'https://example.com/K%C3%BChn?a=1&amp;b=2'],
  ['manager', 'EXAMPLE\\nina.prado'],
  ['login', 'null@example.com'],
  ['email', 'undefined@example.com'],
])('%s %j is no output of another program', (name, text) => {
  expect(check({ [name]: text })).toEqual([]);
  expect(warningOf(name, text)).toEqual([]);
});
