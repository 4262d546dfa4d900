import { readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it, onTestFinished } from 'vitest';

import { parseMappingFile } from '../../src/people/mapping-file.js';
import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { cli, orgSettings } from '../helpers/cli.js';
import { peopleCsv } from '../helpers/people.js';
import { fixture, workplace } from '../helpers/workplace.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    (found) => found[1]!,
  );
}

/** Command lines of the README that call the program, without their comments. */
const commands = blocks('sh')
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith('node dist/cli.js ') && !line.startsWith('node dist/cli.js sandbox'))
  .map((line) => line.replace(/\s+#.*$/, ''));

it('shows commands of the program', () => {
  expect(commands.length).toBeGreaterThanOrEqual(4);
});

it.each(commands)('%s does what the README says', async (command) => {
  const okta = await startSandbox({ seed: demoSeed });
  onTestFinished(() => okta.close());
  const at = workplace();
  symlinkSync(dirname(fixture('cohort.csv')), join(at.folder, 'fixtures'));
  at.file('people.csv', peopleCsv(20));

  const [, , ...args] = command.split(/\s+/);
  const result = await cli(args, { at, env: orgSettings(okta) });

  expect(result.exitCode).toBe(command.includes('with-mistakes') ? 1 : 0);
});

it('shows a mapping file that is one', () => {
  const [mapping = ''] = blocks('yaml');

  expect(parseMappingFile(mapping, 'README.md').feeds.length).toBeGreaterThan(10);
});

it('names scripts that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/npm (?:run )?(start|test[:\w]*|bench[:\w-]*|soak)/g)].map(
    (found) => found[1]!,
  );

  expect(named).toContain('start');
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

it('says of every fixture that it names the truth: it is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
    .map((found) => found[1]!)
    .filter((link) => !/^https?:/.test(link));

  expect(links.length).toBeGreaterThan(8);
  for (const link of links) expect(() => readFileSync(join(root, link))).not.toThrow();
});
