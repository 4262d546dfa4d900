import { OktaImportError } from '../errors.js';
import { didYouMean, listOf } from '../text.js';

import type { Command } from './command.js';
import { readFlag } from './flag-syntax.js';
import type { Flag } from './flags.js';

/** The command line cannot be understood. */
export class UsageError extends OktaImportError {
  override readonly code = 'ERR_USAGE';

  constructor(message: string, { hint = 'To see the flags of a command, add --help.' } = {}) {
    super(message, { hint });
  }
}

type DeclaredCommand = Pick<Command, 'name' | 'flags' | 'positional'>;

/** The error for what yargs reports about a command line, with the nearest valid word. */
export function usageError(message: string, command: DeclaredCommand): UsageError {
  const { flags } = command;
  const [, flag, given, choices] = /Argument: ([\w-]+), Given: (".*"), Choices: (.*)/.exec(message) ?? [];
  if (flag !== undefined && given !== undefined && choices !== undefined) {
    const nearest = didYouMean(given.slice(1, -1), flags[flag]?.choices ?? []);
    const valid = listOf(choices.split(', '), 'or');
    return new UsageError(`--${flag} takes ${valid}, not ${given}.${nearest}`, hintOf(command));
  }
  const [, one, other] = /^Arguments ([\w-]+) and ([\w-]+) are mutually exclusive/.exec(message) ?? [];
  if (one !== undefined) {
    return new UsageError(`--${one} and --${other} cannot be combined.`, hintOf(command));
  }
  return new UsageError(message, hintOf(command));
}

export function unknownCommand(word: string, commands: readonly string[]): UsageError {
  return new UsageError(`Unknown command "${word}".${didYouMean(word, commands)}`, {
    hint: 'See okta-csv-import --help.',
  });
}

export function missingCommand(): UsageError {
  return new UsageError('No command given.', {
    hint: 'See okta-csv-import --help. To try it, run: okta-csv-import import people.csv --sandbox',
  });
}

/** @param args - flags as they were typed. */
export function unknownFlags(args: readonly string[], command: DeclaredCommand): UsageError {
  const names = Object.keys(command.flags).filter((name) => name.length > 1);
  const sentences = args.map((arg) => {
    const { name } = readFlag(arg, command.flags);
    const nearest = flagMeantBy(name, command.flags, names);
    // Letters only were meant as a flag.
    const isFileName = nearest === '' && command.positional !== undefined && !/^-(\w|-[\w-]+)(=|$)/.test(arg);
    if (isFileName) return `Unknown flag ${arg}. If it is a file name, write ./${arg}.`;
    return `Unknown flag ${arg.split('=', 1)[0]}.${nearest}`;
  });
  return new UsageError(sentences.join(' '), hintOf(command));
}

/** ` Did you mean --format json?`, or ''. */
function flagMeantBy(name: string, flags: Command['flags'], names: readonly string[]): string {
  const [choosing] = Object.entries(flags).filter(([, { choices }]) => choices?.includes(name));
  if (choosing !== undefined) return ` Did you mean --${choosing[0]} ${name}?`;
  // Every single letter is near to every short flag.
  if (name.length === 1) return name === 'v' && names.includes('verbose') ? ' Did you mean --verbose?' : '';
  return didYouMean(name.replace(/^no-/, ''), names, (flag) => `--${flag}`);
}

export function missingValue(name: string, { value }: Flag, command: DeclaredCommand): UsageError {
  const shown = name.length === 1 ? `-${name}` : `--${name}`;
  return new UsageError(`${shown} needs a value: ${shown} <${value}>`, hintOf(command));
}

export function missingPositional(command: DeclaredCommand): UsageError {
  const { name, positional } = command;
  const alternative = positional?.alternative;
  const other = alternative === undefined ? '' : ` (or --${alternative.flag} <${alternative.value}>)`;
  return new UsageError(
    `Name ${positional?.label}: okta-csv-import ${name} <${positional?.name}>${other}`,
    hintOf(command),
  );
}

export function eitherWordOrFlag(word: string, flag: string, command: DeclaredCommand): UsageError {
  return new UsageError(`Give either "${word}" or --${flag}, not both.`, hintOf(command));
}

export function tooManyWords(words: readonly string[], command: DeclaredCommand): UsageError {
  const quoted = words.map((word) => `"${word}"`).join(', ');
  return new UsageError(
    `Unexpected ${words.length === 1 ? 'argument' : 'arguments'}: ${quoted}.`,
    hintOf(command),
  );
}

function hintOf({ name }: DeclaredCommand): { hint: string } {
  return { hint: `See okta-csv-import ${name} --help.` };
}
