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

  it.each<[string, string, number, string]>([
    ['an alias bomb', aliasBomb(12), 6, 'More than 20000 values, aliases included.'],
    ['an alias that contains itself', 'a: &a\n  - *a\n', 2, 'The alias *a contains itself.'],
    ['deep nesting', `a: ${'['.repeat(200)}${']'.repeat(200)}`, 1, 'More than 100 levels of nesting.'],
    ['many values', `a:\n${'- 1\n'.repeat(20_001)}`, 2, 'More than 20000 values, aliases included.'],
    ['a huge text', `a: ${'x'.repeat(300_000)}`, 1, 'More than 256 KB of text.'],
  ])('with %s is rejected, and has no values', (_, text, line, message) => {
    const { root, problems } = readYaml(text, 'a.yaml');

    expect(problems).toEqual([{ line, message }]);
    expect(root.entries()).toEqual([]);
  });

  it('with thousands of keys is read without comparing each key with all others', () => {
    const before = process.cpuUsage();
    const text = Array.from({ length: 29_000 }, (_, index) => `${index}: 1\n`).join('');

    expect(readYaml(text, 'a.yaml').problems).toHaveLength(1);
    // Microseconds; a busy machine does not count.
    expect(process.cpuUsage(before).user).toBeLessThan(2_500_000);
  });

  it('may use an anchor more than a hundred times', () => {
    const { root } = readYaml(`a: &a { x: 1 }\nb: [${'*a, '.repeat(150)}]\n`, 'a.yaml');

    expect(root.entries()[1]?.items()).toHaveLength(150);
    expect(root.toJS()).toMatchObject({ b: Array.from({ length: 150 }, () => ({ x: 1 })) });
  });
});

/** Each level has the one before nine times. */
function aliasBomb(levels: number): string {
  return Array.from({ length: levels }, (_, index) => {
    const items = index === 0 ? ['1'] : Array.from({ length: 9 }, () => `*l${index - 1}`);
    return `l${index}: &l${index} [${items.join(', ')}]\n`;
  }).join('');
}
