import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { runCommandLine } from '../src/cli/command-line.js';
import { parseMappingFile } from '../src/mapping/mapping-file.js';
import { commandContext } from './helpers/command-context.js';
import { commandsIn } from './helpers/commands.js';

const pages = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const readme = readFileSync('README.md', 'utf8');
const commandsPage = readFileSync('docs/commands.md', 'utf8');
const commands = commandsIn(await helpOf());

async function helpOf(...args: string[]): Promise<string> {
  const context = commandContext();
  await runCommandLine([...args, '--help'], context);
  return context.printed.stdout;
}

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  it('has links that lead somewhere', () => {
    const links = [...text.matchAll(/\]\(([^)]+)\)|(?:src|srcset)="([^"]+)"/g)]
      .map((found) => found[1] ?? found[2]!)
      .filter((link) => !/^https?:/.test(link));
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      return !existsSync(target) || (anchor !== undefined && !anchorsIn(target).includes(anchor));
    });

    expect(broken).toEqual([]);
  });

  it('names files of the repository that exist', () => {
    const paths = [...text.matchAll(/`((?:src|test|fixtures|scripts)\/[\w./-]*)`/g)].map(([, path]) => path!);

    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = [...text.matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
      ([, script, builtIn]) => script ?? builtIn!,
    );

    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

/** The anchors that GitHub creates for the headings of a page. */
function anchorsIn(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

it('describes every command in the README and in docs/commands.md', () => {
  expect(commands.length).toBeGreaterThan(12);
  expect(commands.filter((command) => !readme.includes(`| \`${command}`))).toEqual([]);
  expect(commands.filter((command) => !commandsPage.includes(`\n## ${command}\n`))).toEqual([]);
});

it('describes every flag of every command in docs/commands.md, and no other', async () => {
  const helps = await Promise.all([helpOf(), ...commands.map((command) => helpOf(command))]);
  const flags = new Set(
    helps.flatMap((help) => flagsIn(help.replaceAll(/^ {2}.*okta-csv-import .*$/gm, ''))),
  );
  const described = new Set(flagsIn(commandsPage));

  expect(
    [...flags].filter((flag) => !described.has(flag) && !['--help', '--version'].includes(flag)),
  ).toEqual([]);
  expect([...described].filter((flag) => !flags.has(flag))).toEqual(['--flag', '--activate']);
  const ofNpm = /npm (install|ci|pack)[^`]*/g;
  expect(flagsIn(readme.replaceAll(ofNpm, '')).filter((flag) => !described.has(flag))).toEqual([]);
});

function flagsIn(text: string): string[] {
  return [...text.matchAll(/--([a-z][a-z-]*[a-z])/g)].map(([flag]) => flag);
}

it('shows mapping files that are valid', () => {
  const texts = [readme, ...['mapping', 'first-day'].map((page) => readFileSync(`docs/${page}.md`, 'utf8'))];
  const mappings = texts.flatMap((text) =>
    [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml]) => parseMappingFile(yaml!, 'mapping.yaml')),
  );

  expect(mappings.map(({ fields }) => fields.length)).toEqual([6, 18, 2, 2, 2, 6]);
});

it('quotes messages in docs/troubleshooting.md that the program prints', () => {
  const folder = 'test/wording/snapshots';
  const printed = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const quoted = readFileSync('docs/troubleshooting.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...line.split(' | ')[0]!.matchAll(/`([^`]+)`/g)].map(([, message]) => message!));

  expect(quoted.length).toBeGreaterThan(15);
  expect(
    quoted.filter((message) => !message.split('…').every((words) => printed.includes(words.trim()))),
  ).toEqual([]);
});

it('is named by its path in comments and messages', () => {
  const named = ['src', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?ts$/.test(name))
      .flatMap((name) =>
        [...readFileSync(join(folder, name), 'utf8').matchAll(/[\w/-]+\.md\b/g)].map(([path]) => path),
      ),
  );

  expect(named.length).toBeGreaterThan(5);
  expect([...new Set(named)].filter((path) => !existsSync(path))).toEqual([]);
});
