import { readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it, onTestFinished } from 'vitest';

import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { cli as cliProcess, orgSettings } from '../helpers/cli.js';
import { cli as cliInProcess } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { fixture, workplace } from '../helpers/workplace.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

interface Example {
  readonly page: string;
  /** Commands of this program that end by themselves. */
  readonly lines: readonly string[];
  /** The output that the page shows below the commands. */
  readonly shown: string | undefined;
}

const examples = ['README.md', 'docs/commands.md', 'docs/mapping.md', 'docs/existing-users.md'].flatMap(
  examplesIn,
);

function examplesIn(page: string): Example[] {
  const text = readFileSync(join(root, page), 'utf8');
  // A block of commands, and the output after it unless another block or section comes first.
  const blocks = /^```sh\n(.*?)^```\n(?:(?:(?!```|#)[^\n]*\n)*```text\n(.*?)^```\n)?/gms;
  return [...text.matchAll(blocks)]
    .map(([, block, shown]) => ({ page, lines: commandsIn(block!), shown }))
    .filter(({ lines }) => lines.length > 0);
}

function commandsIn(block: string): string[] {
  return block
    .replace('npm ci && npm start', scripts['start']!.split(' && ').at(-1)!)
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, ''))
    .filter((line) => /^(node dist\/cli\.js|okta-csv-import) (?!sandbox)/.test(line));
}

it('finds the examples', () => {
  expect(examples.flatMap(({ lines }) => lines).length).toBeGreaterThanOrEqual(18);
  expect(examples.filter(({ shown }) => shown !== undefined).length).toBe(2);
});

it.each(examples.map((example) => [example.page, example.lines.join(' && '), example] as const))(
  '%s: %s does what the page shows',
  async (_page, _commands, { lines, shown }) => {
    const okta = await startSandbox({ seed: demoSeed });
    onTestFinished(() => okta.close());
    const at = workplace();
    symlinkSync(dirname(fixture('cohort.csv')), join(at.folder, 'fixtures'));
    at.file('people.csv', peopleCsv(20));

    let printed = '';
    for (const line of lines) {
      const [command = '', file] = line.replace(/^(node dist\/cli\.js|okta-csv-import) /, '').split(' > ');
      const cli = line.startsWith('node') ? cliProcess : cliInProcess;
      const { exitCode, stdout, stderr } = await cli(command.split(/\s+/), { at, env: orgSettings(okta) });

      expect({ line, exitCode, stderr }).toEqual({
        line,
        exitCode: command.includes('with-mistakes') ? 1 : 0,
        stderr: expect.any(String),
      });
      if (file !== undefined) at.file(file, stdout);
      printed += stderr;
    }
    const expected = withoutChance(shown ?? '').filter((line) => line !== '  …');
    // At a terminal, as in the page, paths are not absolute.
    const atTerminal = printed.replaceAll(`${at.folder}/`, '').replaceAll(' --reports reports', '');
    expect(withoutChance(atTerminal)).toEqual(expect.arrayContaining(expected));
  },
);

/** The lines of an output, without ports, times and indentation that depends on the number of groups. */
function withoutChance(output: string): string[] {
  return output
    .replaceAll(/:\d{4,5}\b/g, ':<port>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/g, '<time>')
    .replaceAll(/^ +(?=\d+ rows?:)/gm, '  ')
    .split('\n')
    .filter((line) => line !== '');
}
