import { describe, expect, it } from 'vitest';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { mapped } from './build.js';

const text = `
profile:
  login: { column: [Work Email, Mail] }
  title: Role
  displayName: '{{ row["Preferred Name"] | default: Name }}'
  nickName: '{{ Nick }}'
ignore: [Notes]
`;
const file = (prefix: string) => ({ mappingFile: parseMappingFile(prefix + text, 'people.yaml') });

describe('a mapping file with optional: true', () => {
  it('leaves out fields and ignored columns that the file does not have', () => {
    const { request } = mapped({ Mail: 'ada@example.com', Name: 'Ada' }, file('optional: true'));
    expect(request.profile).toEqual({ login: 'ada@example.com', displayName: 'Ada' });
  });

  it('reads every field that the file has', () => {
    const cells = {
      Mail: 'ada@example.com',
      Role: 'Countess',
      Nick: 'A',
      'Preferred Name': 'Ada',
      Name: '',
      Notes: 'x',
    };
    expect(mapped(cells, file('optional: true')).request.profile).toEqual({
      login: 'ada@example.com',
      title: 'Countess',
      displayName: 'Ada',
      nickName: 'A',
    });
  });

  it('uses the first alternative column that the file has', () => {
    const cells = { 'Work Email': 'ada@example.com', Mail: 'other@example.com' };
    expect(mapped(cells, { ...file('optional: true'), ignoreColumns: ['Mail'] }).login).toBe(
      'ada@example.com',
    );
  });
});

it('any other mapping file reports every missing column', () => {
  expect(() => mapped({ Mail: 'ada@example.com', Name: 'Ada' }, file(''))).toThrow(
    /people\.yaml:4: title: The file has no column "Role"[\s\S]*"Preferred Name"[\s\S]*"Nick"/,
  );
});
