import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it, onTestFinished } from 'vitest';

import { runCommandLine } from '../../src/cli/command-line.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { cli, orgSettings } from '../helpers/cli.js';
import { commandsIn } from '../helpers/commands.js';
import { peopleCsv } from '../helpers/people.js';
import { commandContext } from '../helpers/command-context.js';
import { fixture, workplace } from '../helpers/workplace.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    (found) => found[1]!,
  );
}

/** Command lines that call the program, block by block, without their comments; servers do not end. */
const scripts = blocks('sh')
  .map((block) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, ''))
      .filter((line) => /^(node dist\/cli\.js|okta-csv-import) (?!sandbox)/.test(line)),
  )
  .filter((lines) => lines.length > 0);

it('shows commands of the program', () => {
  expect(scripts.flat().length).toBeGreaterThanOrEqual(11);
});

it.each(scripts.map((lines) => [lines.join(' && '), lines] as const))(
  '%s does what the README says',
  async (_, lines) => {
    const okta = await startSandbox({ seed: demoSeed });
    onTestFinished(() => okta.close());
    const at = workplace();
    symlinkSync(dirname(fixture('cohort.csv')), join(at.folder, 'fixtures'));
    at.file('people.csv', peopleCsv(20));

    for (const line of lines) {
      const [command = '', file] = line.replace(/^(node dist\/cli\.js|okta-csv-import) /, '').split(' > ');
      const { exitCode, stdout, stderr } = await cli(command.split(/\s+/), { at, env: orgSettings(okta) });

      expect({ line, exitCode, stderr }).toEqual({
        line,
        exitCode: command.includes('with-mistakes') ? 1 : 0,
        stderr: expect.any(String),
      });
      if (file !== undefined) at.file(file, stdout);
    }
  },
);

const commands = commandsIn(await helpOf());

/** What the program itself says. */
async function helpOf(...args: string[]): Promise<string> {
  const around = commandContext();
  await runCommandLine([...args, '--help'], around);
  return around.said.stdout;
}

it('has a line for every command', () => {
  expect(commands.length).toBeGreaterThan(12);
  expect(commands.filter((command) => !readme.includes(`| \`${command}`))).toEqual([]);
});

/** `--mapping` and the like, wherever they stand. */
function flagsIn(text: string): string[] {
  return [...text.matchAll(/--([a-z][a-z-]*[a-z])/g)].map(([flag]) => flag);
}

it('names every flag of import, and no flag that no command has', async () => {
  const helps = await Promise.all(
    [...commands, ''].map((command) => helpOf(...(command === '' ? [] : [command]))),
  );
  const known = new Set([...flagsIn(helps.join('\n')), '--activate', '--progress', '--send-email']);
  // Not ours: npm's.
  const named = new Set(flagsIn(readme.replaceAll(/npm (install|ci|pack)[^`]*/g, '')));
  expect([...named].filter((flag) => !known.has(flag))).toEqual([]);

  // Said in other words, or in docs/connecting.md.
  const elsewhere = ['--no-progress', '--help', '--version', '--custom-domain'];
  const ofImport = flagsIn((await helpOf('import')).replaceAll(/^ {2}.*okta-csv-import .*$/gm, ''));
  expect(ofImport.filter((flag) => !named.has(flag) && !elsewhere.includes(flag))).toEqual([]);
});

it.each([
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
])('%s leads nowhere that is not there', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const links = [...text.matchAll(/\]\(([^)]+)\)|(?:src|srcset)="([^"]+)"/g)]
    .map((found) => found[1] ?? found[2]!)
    .filter((link) => !/^https?:/.test(link));

  for (const link of links) {
    const [path = '', heading] = link.split('#');
    const target = path === '' ? join(root, page) : join(root, dirname(page), path);
    expect({ link, isThere: existsSync(target) }).toEqual({ link, isThere: true });
    const headings =
      heading === undefined
        ? []
        : [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, words]) => anchorOf(words!));
    expect(heading === undefined || headings.includes(heading) ? '' : link).toBe('');
  }
});

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

it('shows a mapping file that is one', () => {
  const [mapping = ''] = blocks('yaml');

  expect(parseMappingFile(mapping, 'README.md').fields.length).toBeGreaterThan(10);
});

it('names scripts that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/npm (?:run )?(start|test[:\w]*|bench[:\w-]*|soak|pictures)/g)].map(
    (found) => found[1]!,
  );

  expect(named).toContain('start');
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});
