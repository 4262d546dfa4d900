import { describe, expect, it } from 'vitest';
import { ada, check, warningsOf } from './build.js';

/** Look-alike letters of three scripts. */
const [cyrillicA, greekOmicron, latinO] = ['\u0430', '\u03bf', 'o'];

describe('a login or an email address that is hard to type', () => {
  it.each([
    ['login', 'o’brien@example.com', 'smart-quote', "Write ' instead"],
    ['email', '“ada”@example.com', 'smart-quote', 'Remove it'],
    ['login', 'ada\u200bbyron@example.com', 'invisible-character', 'U+200B'],
    ['secondEmail', '\u202eada@example.com', 'invisible-character', 'U+202E'],
    [
      'login',
      `${cyrillicA}da@example.com`,
      'mixed-scripts',
      'the Cyrillic letter \u0430 (U+0430) among Latin letters',
    ],
    [
      'email',
      `ada@example.c${greekOmicron}m`,
      'mixed-scripts',
      'the Greek letter \u03bf (U+03BF) among Latin letters',
    ],
    [
      'login',
      `иван${latinO}в@example.com`,
      'mixed-scripts',
      'the Latin letter o (U+006F) among Cyrillic letters',
    ],
    ['login', 'ａda@example.com', 'mixed-scripts', 'the full-width character ａ (U+FF41). Type a instead'],
    ['email', 'ada１@example.com', 'mixed-scripts', 'the full-width character １ (U+FF11). Type 1 instead'],
  ])('is a problem: %s %j', (column, cell, code, message) => {
    expect(check({ [column]: cell })).toMatchObject([
      { code, column, message: expect.stringContaining(message) },
    ]);
  });

  it.each([
    ['login', 'иван.петров@example.com'],
    ['login', 'γιώργος@example.com'],
    ['login', 'jürgen.größer@example.com'],
    ['email', '山田taro@example.jp'],
    ['login', "o'brien@example.com"],
  ])('is not a problem: %s %j', (column, cell) => {
    expect(check({ [column]: cell })).toEqual([]);
  });

  it('has a message that names a no-break space', () => {
    expect(check({ login: 'ada\u00a0b@example.com' })).toContainEqual({
      code: 'invisible-character',
      column: 'login',
      message: 'login "ada\u00a0b@example.com" contains a no-break space (U+00A0). Remove it.',
    });
  });
});

it('a lost character is a problem in any text', () => {
  expect(check({ lastName: 'M\ufffdller' })).toMatchObject([{ code: 'character-lost', column: 'lastName' }]);
});

describe('a control character is a problem in any text', () => {
  it.each([
    ['firstName', 'Mi\u000bra', 'U+000B, vertical tab', 'Write a space instead'],
    ['lastName', 'Kuehn\u000cOsei', 'U+000C, form feed', 'Write a space instead'],
    ['lastName', 'Prado\u0085', 'U+0085, next line', 'Write a space instead'],
    ['displayName', 'Ines\u0007Prado', 'U+0007, bell', 'Remove it'],
    ['lastName', 'Osei\u001a', 'U+001A, Ctrl-Z', 'Remove it'],
    ['title', 'Buyer\u001b[31m', 'U+001B, escape', 'Remove it'],
    ['city', 'Berlin\u0090', 'U+0090', 'Remove it'],
    ['login', 'ada\u0001@example.com', 'U+0001', 'Remove it'],
    ['postalAddress', 'Hauptstr. 1\u000b10115 Berlin', 'U+000B, vertical tab', 'Write a space instead'],
  ])('%s %j', (column, cell, character, advice) => {
    const [problem] = check({ [column]: cell });

    expect(problem).toMatchObject({ code: 'control-character', column });
    expect(problem?.message).toContain(`contains a control character (${character}`);
    expect(problem?.message).toContain(advice);
  });

  it.each(['Hauptstr. 1\n10115 Berlin', 'Hauptstr. 1\r\n10115 Berlin', 'Rua\tA 3'])(
    'except a line break or a tab: %j',
    (postalAddress) => {
      expect(check({ postalAddress })).toEqual([]);
    },
  );
});

describe('text that was saved as UTF-8 twice', () => {
  it.each([
    ['firstName', 'AndrÃ©s', 'Andrés'],
    ['firstName', 'Andr√©s', 'Andrés'],
    ['city', 'Medell√≠n', 'Medellín'],
    ['lastName', 'M├╝ller', 'Müller'],
    ['lastName', 'Oâ€™Brien', 'O’Brien'],
    ['city', 'CittÃ', 'Città'],
  ])('is a warning that shows the repaired reading: %s %j', (column, cell, meant) => {
    expect(check({ [column]: cell })).toEqual([]);
    expect(warningsOf([{ ...ada, [column]: cell }]).flat()).toEqual([
      {
        code: 'text-garbled',
        column,
        message: expect.stringContaining(`saved as UTF-8 twice. It probably means "${meant}".`),
      },
    ]);
  });

  it.each([
    ['lastName', 'M\u00c3\u0083\u00c2\u00bcller', 'Müller'],
    ['city', '\u00c3\u0085rhus', 'Århus'],
  ])('is a problem if it holds control characters: %s %j', (column, cell, meant) => {
    expect(check({ [column]: cell })).toEqual([
      {
        code: 'control-character',
        column,
        message: expect.stringContaining(`saved as UTF-8 twice. It probably means "${meant}".`),
      },
    ]);
  });
});

describe('suspicious characters in any other text', () => {
  it.each([
    ['lastName', 'MÃ¼ller', 'text-garbled'],
    ['city', 'â€œBerlinâ€', 'text-garbled'],
    ['lastName', `Byr${greekOmicron}n`, 'mixed-scripts'],
    ['mobilePhone', '＋８１９０１２３４５６７８', 'mixed-scripts'],
    ['employeeNumber', '００１２', 'mixed-scripts'],
    ['firstName', 'Anna\u00a0Maria', 'invisible-character'],
    ['profile.hat', 'a\u00adb', 'invisible-character'],
    ['mobilePhone', "'+49 30 1234567", 'apostrophe-first'],
    ['title', "''=1+1", 'apostrophe-first'],
    ['employeeNumber', "'00123", 'apostrophe-first'],
    ['lastName', 'M?ller', 'character-lost'],
    ['lastName', '?slund', 'character-lost'],
    ['firstName', 'Jos?', 'character-lost'],
    ['department', 'Gesch?ftsleitung', 'character-lost'],
    ['mobilePhone', 'n/a', 'phone-without-digits'],
    ['lastName', '-', 'name-odd'],
    ['lastName', '12345', 'name-odd'],
    ['firstName', 'N/A', 'name-odd'],
    ['firstName', 'n / a', 'name-odd'],
    ['firstName', 'TBD', 'name-odd'],
    ['lastName', 'Unbekannt', 'name-odd'],
    ['lastName', '未定', 'name-odd'],
    ['lastName', 'k.A.', 'name-odd'],
    ['firstName', '“Mira”', 'name-odd'],
    ['lastName', '«Osei»', 'name-odd'],
    ['login', "'ada@example.com", 'apostrophe-first'],
    ['email', "'ada@example.com", 'apostrophe-first'],
    ['employeeNumber', '1234567890123450', 'digits-lost'],
    ['employeeNumber', '12345678901234500000', 'digits-lost'],
    ['firstName', 'TRUE', 'name-odd'],
    ['displayName', 'ada@example.com', 'name-odd'],
    ['lastName', 'Lee\nSmith', 'line-break'],
    ['title', 'Lead\r\nEngineer', 'line-break'],
    ['employeeNumber', '12,345', 'digits-grouped'],
    ['costCenter', "1'234", 'digits-grouped'],
    ['primaryPhone', 'see Teams', 'phone-without-digits'],
    ['login', 'ada@example', 'domain-without-dot'],
    ['email', 'ada@localhost', 'domain-without-dot'],
  ])('are a warning, and the row is sent: %s %j', (column, cell, code) => {
    expect(check({ [column]: cell })).toEqual([]);
    expect(warningsOf([{ ...ada, [column]: cell }])).toMatchObject([[{ code, column }]]);
  });

  it.each([
    ['lastName', 'Müller'],
    ['lastName', 'São Tomé'],
    ['lastName', 'O’Brien'],
    ['displayName', 'Иван Smith'],
    ['lastName', 'می\u200cخواهم'],
    ['city', 'Århus'],
    ['city', "'s-Hertogenbosch"],
    ['displayName', "'quoted'"],
    ['title', 'What next? Lead'],
    ['firstName', 'True'],
    ['firstName', 'Na'],
    ['firstName', 'N.A.'],
    ['lastName', 'Xu'],
    ['employeeNumber', '1234567890123456'],
    ['employeeNumber', '123456789012340'],
    ['employeeNumber', '0000000000000000'],
    ['lastName', 'Null'],
    ['lastName', 'N'],
    ['firstName', '花'],
    ['lastName', "O'Brien 3rd"],
    ['streetAddress', '1 Main St\nFloor 2'],
    ['employeeNumber', '12.345'],
    ['displayName', 'Ada @ Acme'],
    ['profileUrl', 'https://example.com/p?id=x'],
    ['primaryPhone', '٠٣٠ ١٢٣٤٥'],
    ['mobilePhone', '+1-800-FLOWERS'],
  ])('are not a warning: %s %j', (column, cell) => {
    expect(warningsOf([{ ...ada, [column]: cell }])).toEqual([[]]);
  });
});

it('composes accents in login and email, with a warning', () => {
  const cells = { ...ada, login: 'a\u0301da@example.com', firstName: 'A\u0301da' };
  expect(warningsOf([cells])).toEqual([
    [
      {
        code: 'unicode-normalised',
        column: 'login',
        message:
          'login has accents that are separate characters. It is sent in the composed form (Unicode NFC).',
      },
    ],
  ]);
});
