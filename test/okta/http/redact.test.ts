import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Redactor } from '../../../src/okta/http/redact.js';
import type { RawResponse } from '../../../src/okta/http/send-request.js';

const LONG = 'Tr0ub4dor & "Söhne"/3';

function responseOf(body: unknown, more: Partial<RawResponse> = {}): RawResponse {
  const rateLimit = {} as RawResponse['rateLimit'];
  return { status: 400, headers: {}, requestId: undefined, rateLimit, text: JSON.stringify(body), ...more };
}

describe('a secret of eight characters or more', () => {
  it.each([
    ['as it is', `no <${LONG}> here`, 'no <[redacted]> here'],
    ['inside a longer word', `x${LONG}y`, 'x[redacted]y'],
    ['escaped for JSON', JSON.stringify({ LONG }), '{"LONG":"[redacted]"}'],
    ['in a URL', `/x?p=${encodeURIComponent(LONG)}`, '/x?p=[redacted]'],
    ['in a form', new URLSearchParams({ p: LONG }).toString(), 'p=[redacted]'],
    [
      'in a URL with lower-case digits',
      encodeURIComponent(LONG).replaceAll(/%\w\w/g, (code) => code.toLowerCase()),
      '[redacted]',
    ],
    ['escaped for HTML', 'Tr0ub4dor &amp; &quot;Söhne&quot;/3 is wrong', '[redacted] is wrong'],
    ['in base64', Buffer.from(LONG).toString('base64').replace(/=+$/, ''), '[redacted]'],
    ['in base64 for URLs', Buffer.from(LONG).toString('base64url'), '[redacted]'],
  ])('is redacted %s', (_, text, expected) => {
    expect(new Redactor([LONG]).text(text)).toBe(expected);
  });

  it.each(['', 'x', 'xy', 'user:', 'a longer name:'])('is redacted in base64 after %j', (before) => {
    const text = new Redactor([LONG]).text(Buffer.from(`${before}${LONG}:after`).toString('base64'));

    expect(text).toContain('[redacted]');
    expect(Buffer.from(text.replace('[redacted]', ''), 'base64').toString()).not.toContain('ub4dor');
  });

  it('is redacted in JSON that spells it in another way', () => {
    const text = String.raw`{"errorCode":"E0000001","errorSummary":"\u0054r0ub4dor \u0026 \u0022S\u00f6hne\u0022\/3"}`;

    expect(new Redactor([LONG]).response(responseOf(undefined, { text })).text).toBe(
      '{"errorCode":"E0000001","errorSummary":"[redacted]"}',
    );
  });

  it('is redacted in headers, the request ID, names and numbers', () => {
    const redacted = new Redactor(['12345678', 'Name-Of-A-F1eld']).response(
      responseOf(
        { 'Name-Of-A-F1eld': 1, pin: 12_345_678 },
        {
          requestId: 'id-12345678',
          headers: { location: 'https://12345678.example', via: ['12345678'] } as never,
        },
      ),
    );

    expect(redacted).toMatchObject({
      text: '{"[redacted]":1,"pin":"[redacted]"}',
      requestId: 'id-[redacted]',
      headers: { location: 'https://[redacted].example', via: ['[redacted]'] },
    });
  });

  it('is redacted in an error of the connection, together with the bytes that were received', () => {
    const cause = Object.assign(new Error('bad'), { data: Buffer.from(LONG) });
    const error = new Error(`cannot parse ${LONG}`, { cause });
    new Redactor([LONG]).error(error);

    expect(`${error.message} ${error.stack}`).not.toContain(LONG);
    expect(cause).not.toHaveProperty('data');
  });
});

describe('a shorter secret is redacted only where it is a whole value, so that a message keeps its own words:', () => {
  it.each([
    ['a', 'Password requirements were not met: at least a digit', undefined],
    ['a', 'password "a" is too short', 'password "[redacted]" is too short'],
    ['a', '?password=a&x', '?password=[redacted]&x'],
    ['word', 'Password requirements', undefined],
    ['Password', 'Password requirements were not met', undefined],
    ['password', 'password: Password requirements were not met', undefined],
    ['password', "password: 'password' was used before", "password: '[redacted]' was used before"],
    ['login', 'login: An object with this field already exists', undefined],
    ['already exists', 'login: An object with this field already exists', undefined],
    ['Rover', 'answer: Rover is too short', 'answer: [redacted] is too short'],
    ['Rover', 'The answer is Rover.', 'The answer is [redacted].'],
    ['Rover', 'Rovers and rover@example.com', undefined],
    ['rover', 'rover@example.com, my-rover', undefined],
    ['hunt3', '(hunt3), hunt3; hunt33', '([redacted]), [redacted]; hunt33'],
    ['1', 'at least 1 digit', undefined],
    ['', 'nothing', undefined],
    [' ', 'nothing at all', undefined],
    ['$&.*', 'it is $&.* now', 'it is [redacted] now'],
  ])('%j in %j', (secret, text, expected) => {
    expect(new Redactor([secret]).text(text)).toBe(expected ?? text);
  });

  it("Okta's error codes, the statuses of users and the names of fields stay, whatever the password is", () => {
    const secrets = ['E0000001', 'ACTIVE', 'errorCode', 'errorSummary', 'STAGED'];
    const body = { errorCode: 'E0000001', status: 'ACTIVE', errorSummary: 'No.' };

    expect(new Redactor(secrets).response(responseOf(body)).text).toBe(JSON.stringify(body));
    expect(new Redactor(secrets).response(responseOf(body, { status: 200 })).text).toBe(JSON.stringify(body));
  });
});

describe('in a success', () => {
  it('what the request itself said outside of its secrets is kept, even if it is equal to one', () => {
    const redactor = new Redactor(['ada.example@example.com'], ['Ada.Example@example.com']);
    const body = {
      id: '00u1',
      profile: { login: 'ada.example@example.com' },
      note: 'ada.example@example.com!',
    };

    expect(redactor.response(responseOf(body, { status: 200 })).text).toBe(
      JSON.stringify({ ...body, note: '[redacted]!' }),
    );
  });

  it('a short secret is redacted only where it is the whole value', () => {
    const body = { id: 'Ada', profile: { displayName: 'Ada Example' } };

    expect(new Redactor(['Ada']).response(responseOf(body, { status: 200 })).text).toBe(
      JSON.stringify({ ...body, id: '[redacted]' }),
    );
  });
});

it('no random secret of eight characters or more is left in an error or in a web page', () => {
  const around = fc.constantFrom('', ' ', 'x', '"', '<p>', 'p=');
  fc.assert(
    fc.property(fc.string({ minLength: 7, unit: 'grapheme' }), around, around, (text, before, after) => {
      const secret = `${text}7`;
      fc.pre(!'[redacted]'.includes(secret) && !secret.includes('[redacted]'));
      const redactor = new Redactor([secret]);
      const error = { errorCode: 'E1', errorSummary: before + secret + after };
      const inError = redactor.response(responseOf(error)).text as string;
      const inPage = redactor.response(responseOf(error, { text: `<p>${before}${secret}${after}` })).text;

      expect((JSON.parse(inError) as typeof error).errorSummary).toBe(`${before}[redacted]${after}`);
      expect(inPage).toBe(`<p>${before}[redacted]${after}`);
    }),
  );
});
