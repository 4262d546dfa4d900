import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { COMMANDS } from '../../src/cli/command-line.js';
import { hintFor, OKTA_ERROR_HINTS } from '../../src/report/okta-error-hints.js';

const SNAPSHOTS = 'test/wording/snapshots';

/** The commands of the snapshots and what they printed. */
const printed = readdirSync(SNAPSHOTS).flatMap((file) =>
  readFileSync(join(SNAPSHOTS, file), 'utf8')
    .split(/^--- /m)
    .flatMap((part) => {
      const [, name = '', args = '', text = ''] = /^\$ okta-csv-import (\S+)(.*)\n([^]*)/m.exec(part) ?? [];
      const isHelp = args.includes('--help');
      // A mapping file on stdout names the flags of other commands.
      const [message = ''] = text.split('[stdout]');
      return flagsOf(name) === undefined || isHelp ? [] : [{ file, name, args, text: message }];
    }),
);

it('messages name only flags of the command that prints them, or of a command that they name', () => {
  expect(printed.length).toBeGreaterThan(200);
  expect(printed.flatMap(foreignFlags)).toEqual([]);
});

const NOTHING = /^$/;
const ROWS = /\b(?:row|cell|column)\b|failed\.csv/;

it.each([
  ['import', NOTHING],
  ['sync', /failed\.csv/],
  ['undo', ROWS],
  ['activate', ROWS],
  ['remind', ROWS],
])('hints for errors of Okta name only flags and files that %s has', (command, foreign) => {
  const hints = OKTA_ERROR_HINTS.flatMap((entry) => hintFor(entry, command) ?? []);

  expect(hints.length).toBeGreaterThan(8);
  expect(hints.filter((hint) => foreign.test(hint))).toEqual([]);
  expect(
    hints.flatMap((text) => foreignFlags({ file: 'okta-error-hints.ts', name: command, args: '', text })),
  ).toEqual([]);
});

/** Flags of neither the command nor a command that the sentence names. */
function foreignFlags({ file, name, args, text }: (typeof printed)[number]): string[] {
  const sentences = text.split(/[.:;](?:\s|$)|\n/);
  return sentences.flatMap((sentence) => {
    const commands = [name, ...COMMANDS.map((each) => each.name).filter((each) => names(sentence, each))];
    const mentioned = sentence.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [];
    return mentioned
      .filter((flag) => !args.includes(flag) && !commands.some((each) => flagsOf(each)?.has(flag)))
      .map((flag) => `${file}: ${name} prints ${flag}: ${sentence.trim()}`);
  });
}

function names(sentence: string, command: string): boolean {
  return new RegExp(`(?<![\\w-])${command}(?![\\w-])`).test(sentence);
}

function flagsOf(name: string): ReadonlySet<string> | undefined {
  const flags = COMMANDS.find((command) => command.name === name)?.flags;
  if (flags === undefined) return undefined;
  return new Set([...Object.keys(flags).flatMap((flag) => [`--${flag}`, `--no-${flag}`]), '--help']);
}
