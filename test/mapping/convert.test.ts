import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapped, offlineMappingOf, row } from './build.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { toUserRequest } from '../../src/mapping/user-request.js';

function converted(attribute: string, cell: string): unknown {
  const { request, problems } = mapped({ login: 'ada@example.com', [attribute]: cell });
  return problems[0]?.code ?? request.profile[attribute];
}

describe('a cell converted to the type of its attribute', () => {
  it.each([
    ['remote', 'TRUE', true],
    ['remote', 'Yes', true],
    ['remote', 'y', true],
    ['remote', 'on', true],
    ['remote', '1', true],
    ['remote', 'False', false],
    ['remote', 'no', false],
    ['remote', 'N', false],
    ['remote', 'Off', false],
    ['remote', '0', false],
    ['remote', 'ja', 'not-a-boolean'],
    ['score', '1234.5', 1234.5],
    ['score', '-.5e2', -50],
    ['score', '1e999', 'not-a-number'],
    ['score', '0x10', 'not-a-number'],
    ['score', 'Infinity', 'not-a-number'],
    ['grade', '+7', 7],
    ['grade', '-0', 0],
    ['grade', '2147483647', 2_147_483_647],
    ['grade', '2147483648', 'not-an-integer'],
    ['grade', '7.0', 'not-an-integer'],
    ['skills', ' maths ;; poetry; ', ['maths', 'poetry']],
    ['skills', ' ; ', undefined],
    ['levels', '1; two', [1, 2]],
    ['levels', 'One;2', [1, 2]],
    ['levels', '1;x', 'not-an-integer'],
    ['shirtSize', 'M', 'M'],
    ['shirtSize', 'Medium', 'M'],
    ['shirtSize', 'medium', 'M'],
    ['shirtSize', 'm', 'M'],
    ['shirtSize', 'XXL', 'XXL'],
    ['employeeNumber', '00042', '00042'],
  ])('%s %j is %j', (attribute, cell, value) => {
    expect(converted(attribute, cell)).toEqual(value);
  });

  it('keeps every 32-bit integer', () => {
    fc.assert(
      fc.property(fc.integer(), (integer) => {
        expect(converted('grade', String(integer))).toBe(integer);
      }),
    );
  });

  it('keeps every finite number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(converted('score', String(number))).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});

it('splits a custom attribute offline if the mapping file sets split', () => {
  const text = 'profile:\n  login: Mail\n  hats: { column: Hats, split: "|" }\n';
  const mapping = offlineMappingOf(['Mail', 'Hats'], { mappingFile: parseMappingFile(text, 'people.yaml') });
  const { request } = toUserRequest(row(['ada@example.com', 'bowler | top']), mapping);
  expect(request.profile['hats']).toEqual(['bowler', 'top']);
});

describe('a cell in the format of the mapping file', () => {
  const text = `
profile:
  login: Mail
  remote: { column: Remote, true: [ja, X, 1.0], false: [nein, ""] }
  score: { column: Score, decimal: "," }
  grade: { column: Grade, decimal: "." }
`;
  const options = { mappingFile: parseMappingFile(text, 'people.yaml') };
  const cells = { Mail: 'ada@example.com', Remote: 'ja', Score: '0', Grade: '1' };

  it.each([
    ['Remote', 'Ja', true],
    ['Remote', 'x', true],
    ['Remote', 'NEIN', false],
    ['Remote', '', false],
    ['Remote', 'yes', true],
    ['Remote', 'vielleicht', 'not-a-boolean'],
    ['Score', '1,5', 1.5],
    ['Score', '1.234.567,5', 1_234_567.5],
    ['Score', '1 234,5', 1234.5],
    ['Score', '1\u202f234', 1234],
    ['Score', '-12', -12],
    ['Score', '1.23', 'not-a-number'],
    ['Score', '1.234 567', 'not-a-number'],
    ['Grade', '1,234', 1234],
    ['Grade', "1'234", 1234],
    ['Grade', '12,34', 'not-an-integer'],
    ['Grade', '7.5', 'not-an-integer'],
  ])('%s %j is %j', (column, cell, value) => {
    const { request, problems } = mapped({ ...cells, [column]: cell }, options);
    expect(problems[0]?.code ?? request.profile[column.toLowerCase()]).toEqual(value);
  });

  it('implies the type of a custom attribute offline', () => {
    const header = ['Mail', 'Remote', 'Score', 'Grade'];
    const mapping = offlineMappingOf(header, options);
    const { request } = toUserRequest(row(['ada@example.com', 'x', '1,5', '1,000']), mapping);
    expect(request.profile).toMatchObject({ remote: true, score: 1.5, grade: 1000 });
  });
});
