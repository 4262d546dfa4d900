import { describe, expect, it } from 'vitest';

import { readSevenBitText } from '../../src/rows/seven-bit-text.js';

describe('text in an email encoding is decoded', () => {
  it.each([
    ['Andr+AOk-', 'André'],
    ['M+APw-ller', 'Müller'],
    ['Fran+AOc-ois', 'François'],
    // As Python writes it, without a minus sign where none is needed.
    ['Andr+AOk', 'André'],
    ['Andr+AOk Dupr+AOk', 'André Dupré'],
    ['+AMk-va', 'Éva'],
    ['+AUE-ukasz', 'Łukasz'],
    ['Wi+AVs-niewska', 'Wiśniewska'],
    ['+BBwEMARABDgETw-', 'Мария'],
    ['+BBwEMARABDgETw', 'Мария'],
    ['+A5UDuwOtA70Dtw-', 'Ελένη'],
    ['+XHF1MA-', '山田'],
    ['+c4s-', '王'],
    ['+u/zCGA-', '민수'],
    ['O+IBk-Brien', 'O’Brien'],
    ['mira+AEA-example.com +ACY- co', 'mira@example.com & co'],
    ['+ACI-login+ACI-', '"login"'],
  ])('UTF-7: %s', (text, expected) => {
    expect(readSevenBitText(text)?.text).toBe(expected);
  });

  it.each([
    ['~{N0Cw~}', '伟明'],
    ['~{Mu~} (Wang)', '王 (Wang)'],
  ])('HZ: %s', (text, expected) => {
    expect(readSevenBitText(text)).toEqual({ encoding: 'HZ', text: expected });
  });
});

it.each([
  'C++',
  'C++-Developer',
  'C+-',
  'a+b@example.com',
  'anna+abc@example.com',
  'anna+news-2026@example.com',
  'mira+test-1@example.com',
  '+49 30 1234567',
  '+4930123456',
  '+14155550123',
  '+1-415-555-0123',
  '+49-170-1234567',
  '+43/1/234567',
  '+1/415555012',
  '+1-800-FLOWERS',
  'R+D-Labs',
  'Sales+Ops-EMEA',
  'Sales+AMs-team',
  'Hotel+ACE-North',
  'Legal +Growth',
  'Sales+Marketing-EMEA',
  'R+Engineer-x',
  'A+ Grade',
  'a+b-c+d-e',
  '1+2=3',
  'x+-y',
  '~{',
  '~{}~',
  '~}',
  '~/{name}~',
  '{{~ name ~}}',
  '~{hello~}',
  '~{ }',
])('%s is what it is', (text) => {
  expect(readSevenBitText(text)).toBeUndefined();
});
