import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countryCodes } from '../../src/validation/countries.js';
import { isEmail } from '../../src/sandbox/formats.js';
import { emailProblem } from '../../src/validation/email.js';
import { createFormatChecks } from '../../src/validation/formats.js';

function problemOf(format: string, text: string) {
  return createFormatChecks().get(format)?.('x', text);
}

describe('a format', () => {
  it.each([
    ['email', ['ada@example.com', 'a.b+c@ex-ample.co.uk', "o'neil@example.com", 'jürgen@müller.de', 'a@b']],
    ['uri', ['https://example.com/a?b=c#d', 'www.example.com', '/people/7', 'https://example.com/ä']],
    ['country-code', ['GB', 'DE', 'us', 'SS']],
    ['language-code', ['en', 'en-US', 'fr-CH, fr;q=0.9, *;q=0.5', 'zh-Hant-TW', 'de;q=1.000']],
    ['locale', ['en_US', 'de_CH']],
    [
      'timezone',
      ['Europe/Madrid', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+5', 'US/Pacific', 'Asia/Calcutta'],
    ],
    ['date-time', ['2026-02-28T10:00:00Z', '2024-02-29T10:00:00.123+01:00']],
    ['ref-id', ['anything at all']],
  ])('%s accepts %j', (format, texts) => {
    expect(texts.filter((text) => problemOf(format, text) !== undefined)).toEqual([]);
  });

  it.each([
    ['email', 'ada', 'not-an-email', 'it has no @'],
    ['email', 'ada＠example.com', 'not-an-email', 'it has a full-width ＠'],
    ['email', 'ada@example.com; bo@example.com', 'not-an-email', 'these are several addresses'],
    ['email', 'ada@example.com/bo@example.com', 'not-an-email', 'these are several addresses'],
    ['email', 'Ada <ada@example.com>', 'not-an-email', 'it contains more than the address ada@example.com'],
    ['email', 'mailto:ada@example.com', 'not-an-email', 'it contains more than the address ada@example.com'],
    ['email', 'SMTP:ada@example.com', 'not-an-email', 'it contains more than the address ada@example.com'],
    ['email', 'a@b@c', 'not-an-email', 'more than one @'],
    ['email', '@example.com', 'not-an-email', 'nothing before'],
    ['email', 'ada@', 'not-an-email', 'nothing after'],
    ['email', 'ada b@example.com', 'not-an-email', 'a space'],
    ['email', 'ada..b@example.com', 'not-an-email', 'dot'],
    ['email', 'ada.@example.com', 'not-an-email', 'dot'],
    ['email', 'ada@example.com.', 'not-an-email', 'dot'],
    ['email', '<ada@example.com>', 'not-an-email', '<'],
    ['email', 'ada@exam_ple.com', 'not-an-email', '_'],
    ['email', 'ada@example.com,b', 'not-an-email', ','],
    ['email', 'ada@-example.com', 'not-an-email', 'hyphen'],
    ['email', 'ada@example-.com', 'not-an-email', 'hyphen'],
    ['email', 'ada@example.com-', 'not-an-email', 'hyphen'],
    ['uri', 'http://exa mple.com', 'not-a-uri', 'space'],
    ['country-code', 'UK', 'not-a-country-code', 'Write GB.'],
    ['country-code', 'Germany', 'not-a-country-code', 'Write DE.'],
    ['country-code', 'U.S.A.', 'not-a-country-code', 'Write US.'],
    ['country-code', 'XX', 'not-a-country-code', 'two letters'],
    ['language-code', 'en_US', 'not-a-language', 'Write en-US.'],
    ['country-code', 'Deutschland', 'not-a-country-code', 'Write DE.'],
    ['country-code', 'Allemagne', 'not-a-country-code', 'Write DE.'],
    ['country-code', 'España', 'not-a-country-code', 'Write ES.'],
    ['country-code', 'Espana', 'not-a-country-code', 'Write ES.'],
    ['country-code', 'ドイツ', 'not-a-country-code', 'Write DE.'],
    ['country-code', 'The Netherlands', 'not-a-country-code', 'Write NL.'],
    ['country-code', 'CHE', 'not-a-country-code', 'Write CH.'],
    ['language-code', 'German', 'not-a-language', 'Write de.'],
    ['language-code', 'Deutsch', 'not-a-language', 'Write de.'],
    ['language-code', 'français', 'not-a-language', 'Write fr.'],
    ['language-code', '日本語', 'not-a-language', 'Write ja.'],
    ['language-code', 'jp', 'not-a-language', 'Write ja.'],
    ['language-code', 'English (UK)', 'not-a-language', 'Write en-GB.'],
    ['language-code', 'German-Switzerland', 'not-a-language', 'Write de-CH.'],
    ['language-code', 'de_DE', 'not-a-language', 'Write de-DE.'],
    ['language-code', 'Klingon', 'not-a-language', 'Write en, en-US'],
    ['language-code', 'en;q=2', 'not-a-language', 'RFC 7231'],
    ['locale', 'en-US', 'not-a-locale', 'Write en_US.'],
    ['locale', 'english', 'not-a-locale', 'en_US'],
    ['locale', 'German', 'not-a-locale', 'Write de_DE.'],
    ['locale', 'de', 'not-a-locale', 'Write de_DE.'],
    ['locale', 'German (Austria)', 'not-a-locale', 'Write de_AT.'],
    ['locale', 'en_UK', 'not-a-locale', 'Write en_GB.'],
    ['locale', 'Elvish', 'not-a-locale', 'language_COUNTRY'],
    ['timezone', 'Madrid', 'not-a-timezone', 'Europe/Madrid'],
    ['timezone', '+01:00', 'not-a-timezone', 'IANA'],
    ['timezone', 'Berlin', 'not-a-timezone', 'Write Europe/Berlin.'],
    ['timezone', 'W. Europe Standard Time', 'not-a-timezone', 'Write Europe/Berlin.'],
    ['timezone', '(UTC+01:00) Amsterdam, Berlin, Bern, Rome', 'not-a-timezone', 'Write Europe/Amsterdam.'],
    ['timezone', 'Eastern Time (US & Canada)', 'not-a-timezone', 'Write America/New_York.'],
    ['timezone', 'New York', 'not-a-timezone', 'Write America/New_York.'],
    ['date-time', '2026-02-29', 'not-a-date-time', 'ISO 8601'],
    ['date-time', '28/02/2026', 'not-a-date-time', 'ISO 8601'],
    ['date-time', '2026-02-28T25:00:00Z', 'not-a-date-time', 'ISO 8601'],
    ['date-time', '2026-02-28', 'not-a-date-time', '2026-01-31T09:00:00Z'],
    ['date-time', '2026-02-28T10:00', 'not-a-date-time', '2026-01-31T09:00:00Z'],
  ])('%s rejects %j with what to write', (format, text, code, message) => {
    expect(problemOf(format, text)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('knows all 249 countries', () => {
    expect(countryCodes.size).toBe(249);
  });

  it('is checked quickly even if many rows are wrong', () => {
    const checks = createFormatChecks();
    const start = process.cpuUsage();
    for (let row = 0; row < 20_000; row += 1) {
      checks.get('country-code')?.('x', `Atlantis ${row}`);
      checks.get('timezone')?.('x', 'Atlantis/Capital');
    }
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
  });

  it('has a message without control characters of the value', () => {
    expect(problemOf('email', 'a\u001b[31m\n\u202e')?.message).toContain('"a\\u001b[31m\\u000a\\u202e"');
  });

  it('is checked in time linear in the length of the text', () => {
    const start = process.cpuUsage();
    const hostile = ['a', '.', '@', 'a.', '-', ';', ',', 'q=', ' '].map((text) => text.repeat(50_000));
    for (const text of hostile) {
      for (const format of createFormatChecks().keys()) problemOf(format, `${text}!`);
    }
    expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
  });

  it('email gives the same result as the sandbox for every address', () => {
    const piece = fc.constantFrom(
      'a',
      'Z',
      '0',
      '.',
      '-',
      '@',
      '_',
      '+',
      "'",
      ' ',
      'é',
      '名',
      ',',
      '"',
      '!',
      '/',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), fc.array(piece, { maxLength: 9 }), (local, domain) => {
        const address = `${local.join('')}@${domain.join('')}`;
        expect([address, emailProblem(address) === undefined]).toEqual([address, isEmail(address)]);
      }),
      { numRuns: 20_000 },
    );
  });

  it('email accepts every address of letters, digits and dots around an @', () => {
    const atom = fc.stringMatching(/^[a-z0-9]{1,10}$/);
    const address = fc.tuple(
      fc.array(atom, { minLength: 1, maxLength: 3 }),
      fc.array(atom, { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(address, ([local, domain]) => {
        expect(problemOf('email', `${local.join('.')}@${domain.join('.')}`)).toBeUndefined();
      }),
    );
  });
});
