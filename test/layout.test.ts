import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

import { expect, it } from 'vitest';

/**
 * Who may import whom: a folder, or with `type ` in front its types only. Imports point downwards in the order of this table; everyone may
 * import the floor.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  rows: ['type okta'],
  csv: ['rows'],
  okta: ['rows'],
  'yaml-aliases': [],
  'yaml-document': ['yaml-aliases'],
  mapping: ['rows', 'yaml-document', 'type okta'],
  validation: ['rows', 'mapping', 'type okta'],
  journal: ['rows', 'type okta', 'type mapping'],
  org: ['rows', 'okta', 'validation', 'type mapping'],
  engine: ['rows', 'okta', 'org', 'journal', 'type validation', 'type mapping'],
  sync: ['rows', 'okta', 'org', 'engine', 'journal', 'type mapping'],
  report: ['rows', 'engine', 'journal'],
  letters: ['report', 'type org'],
  monitoring: ['rows', 'report'],
  jobs: [
    'rows',
    'csv',
    'okta',
    'mapping',
    'validation',
    'org',
    'journal',
    'engine',
    'sync',
    'report',
    'letters',
  ],
  settings: ['yaml-document', 'type okta'],
  'http-server': [],
  sandbox: ['http-server', 'type okta'],
  cli: [
    'rows',
    'csv',
    'okta',
    'mapping',
    'validation',
    'org',
    'journal',
    'engine',
    'report',
    'jobs',
    'monitoring',
    'page',
    'sandbox',
    'settings',
  ],
  page: [
    'rows',
    'csv',
    'okta',
    'mapping',
    'validation',
    'org',
    'journal',
    'engine',
    'report',
    'jobs',
    'settings',
    'http-server',
    'type sandbox',
  ],
  index: [
    'rows',
    'csv',
    'okta',
    'mapping',
    'validation',
    'org',
    'journal',
    'sync',
    'engine',
    'report',
    'jobs',
    'sandbox',
  ],
};
const FLOOR = [
  'lazy-require',
  'errors',
  'clock',
  'digest-table',
  'secret',
  'text',
  'packaged-file',
  'private-file',
];

it('each area of src imports only what the table allows', () => {
  const strays = sourceFiles().flatMap((file) => {
    const own = areaOf(file);
    const open = [own, ...(FLOOR.includes(own) ? [] : FLOOR), ...(MAY_IMPORT[own] ?? [])];
    return importsOf(file)
      .filter(({ to, isType }) => !open.includes(to) && !(isType && open.includes(`type ${to}`)))
      .map(({ to, isType }) => `${file} -> ${isType ? 'type ' : ''}${to}`);
  });

  expect(strays).toEqual([]);
});

it('every area of src is in the table', () => {
  const areas = new Set(sourceFiles().map(areaOf));

  expect([...areas].sort()).toEqual([...Object.keys(MAY_IMPORT), ...FLOOR].sort());
});

it('only settings and the process itself read the environment, and only commands print', () => {
  const talkers = sourceFiles().filter((file) => {
    const source = readFileSync(join('src', file), 'utf8');
    const isEdge = file === 'cli.ts' || areaOf(file) === 'settings';
    return (
      /\bconsole\.\w+\(/.test(source) ||
      (!isEdge && /process\.(env|exitCode|stdout|stderr|stdin)/.test(source))
    );
  });

  expect(talkers).toEqual([]);
});

it('only the terminal writes to stderr', () => {
  const writers = sourceFiles().filter((file) =>
    /\bstderr\.\w|\.stderr\b/.test(readFileSync(join('src', file), 'utf8')),
  );

  expect(writers.toSorted()).toEqual(['cli.ts', 'cli/terminal.ts']);
});

function sourceFiles(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
}

function areaOf(path: string): string {
  return path.split(sep)[0]!.replace(/\.[jt]sx?$/, '');
}

/** Imports of our own files, static and dynamic; a list in braces whose every name says `type` is one of types. */
function importsOf(file: string): { to: string; isType: boolean }[] {
  const source = readFileSync(join('src', file), 'utf8');
  const target = (specifier: string): string => areaOf(join(dirname(file), specifier));
  const statics = [...source.matchAll(/^(?:import|export) (type )?([^;]*?) ?from '(\.[^']+)'/gm)].map(
    (found) => ({
      to: target(found[3]!),
      isType: found[1] !== undefined || isListOfTypes(found[2]!),
    }),
  );
  const dynamics = [...source.matchAll(/\bimport\('(\.[^']+)'\)/g)].map((found) => ({
    to: target(found[1]!),
    isType: false,
  }));
  return [...statics, ...dynamics];
}

function isListOfTypes(clause: string): boolean {
  const names = /^\{(.*)\}$/s
    .exec(clause.trim())?.[1]
    ?.split(',')
    .filter((name) => name.trim() !== '');
  return names !== undefined && names.every((name) => name.trim().startsWith('type '));
}
