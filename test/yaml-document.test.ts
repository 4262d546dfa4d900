import { describe, expect, it } from 'vitest';

import { readYaml } from '../src/yaml-document.js';

const TEXT = `name: &who Ada
roles:
  - admin
  - *who
size: { width: 007, height: 2.50 }
none:
`;

describe('a YAML document', () => {
  it('gives values with their key and line, aliases resolved', () => {
    const { root, problems } = readYaml(TEXT, 'a.yaml');
    const [name, roles, size, none] = root.entries();
    expect(name).toMatchObject({ key: 'name', line: 1, scalar: 'Ada', text: 'Ada' });
    expect(roles?.items()).toMatchObject([
      { key: 'roles', line: 3, scalar: 'admin' },
      { key: 'roles', line: 4, scalar: 'Ada' },
    ]);
    expect(size?.isMap).toBe(true);
    expect(size?.entries()).toMatchObject([
      { key: 'width', line: 5, scalar: 7, text: '007' },
      { key: 'height', line: 5, scalar: 2.5, text: '2.50' },
    ]);
    expect(none).toMatchObject({ key: 'none', line: 6, isMap: false, scalar: undefined, text: undefined });
    expect(root.toJS()).toEqual({
      name: 'Ada',
      roles: ['admin', 'Ada'],
      size: { width: 7, height: 2.5 },
      none: null,
    });
    expect(problems).toEqual([]);
  });

  it('collects what the reader reports, unknown keys with the closest known one', () => {
    const { root, problems } = readYaml(TEXT, 'a.yaml');
    const [name] = root.entries(['name', 'rules', 'size', 'none']);
    expect(name?.report('Too short.')).toBeUndefined();
    expect(name?.entries()).toEqual([]);
    expect(problems).toEqual([
      {
        line: 2,
        message: 'Unknown key "roles" in a.yaml. Did you mean "rules"? Known keys: name, rules, size, none.',
      },
      { line: 1, message: 'Too short.' },
      { line: 1, message: 'Expected keys in name, not a single value or a list.' },
    ]);
  });

  it.each([
    ['a: 1\na: 2\n', 2, 'Duplicate key.'],
    ['a: 1\nb: "c\n', 3, 'Missing closing "quote.'],
  ])('reports %j with its line', (text, line, message) => {
    expect(readYaml(text, 'a.yaml').problems).toEqual([{ line, message }]);
  });
});
