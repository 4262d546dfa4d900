import yargs from 'yargs';

import type { ArgumentsOf, Command, ParsedFlags, Positional } from './command.js';
import type { Flags } from './flags.js';
import { isFlag, readFlag } from './flag-syntax.js';
import {
  eitherWordOrFlag,
  missingPositional,
  missingValue,
  tooManyWords,
  unknownFlags,
  usageError,
} from './usage-error.js';

/**
 * Parses what follows a command. Only that command is declared to yargs, which takes its time for each.
 *
 * @throws {UsageError}
 */
export function parseArguments<F extends Flags, P extends string>(
  args: readonly string[],
  command: Pick<Command, 'name'> & { readonly flags: F; readonly positional: Positional<P> | undefined },
): ArgumentsOf<F, P> {
  const { flags, positional } = command;
  // yargs would read the words after it as flags once more.
  const separator = args.indexOf('--');
  const before = separator === -1 ? args : args.slice(0, separator);
  const after = separator === -1 ? [] : args.slice(separator + 1);
  assertFlags(before, command);
  const argv = parseFlags(before, flags, (message) => usageError(message, command));
  const [word, ...others] = [...argv._.map(String), ...after];
  if (positional === undefined) {
    if (word !== undefined) throw tooManyWords([word, ...others], command);
    return { ...argv, ...named<P>([], undefined) };
  }
  const { alternative } = positional;
  const isReplaced = alternative !== undefined && argv[alternative.flag] !== undefined;
  if (isReplaced && word !== undefined) throw eitherWordOrFlag(word, alternative.flag, command);
  if (isReplaced) return { ...argv, ...named([positional.name], '') };
  if (word === undefined && positional.isOptional) return { ...argv, ...named([positional.name], '') };
  if (word === undefined) throw missingPositional(command);
  if (others.length > 0) throw tooManyWords(others, command);
  return { ...argv, ...named([positional.name], word) };
}

/**
 * What yargs would get wrong: it takes the word after an unknown flag for its value, and an empty text for 0.
 *
 * @throws {UsageError}
 */
function assertFlags(args: readonly string[], command: Pick<Command, 'name' | 'flags' | 'positional'>): void {
  const unknown: string[] = [];
  for (const [at, arg] of args.entries()) {
    if (!isFlag(arg)) continue;
    const { name, flag, value = args[at + 1] ?? '' } = readFlag(arg, command.flags);
    if (flag === undefined) unknown.push(arg);
    // Empty texts come from unset variables of a shell: --org-url "$URL".
    else if (flag.value !== undefined && (value === '' || (!arg.includes('=') && isFlag(value)))) {
      throw missingValue(name, flag, command);
    }
  }
  if (unknown.length > 0) throw unknownFlags(unknown, command);
}

function parseFlags<F extends Flags>(
  args: readonly string[],
  flags: F,
  errorOf: (message: string) => Error,
): ParsedFlags<F> {
  return (
    yargs(args)
      // Messages in other languages would not be recognized.
      .locale('en')
      .parserConfiguration({ 'parse-positional-numbers': false })
      .options(flags)
      .help(false)
      .version(false)
      .exitProcess(false)
      .fail((message, error) => {
        throw errorOf(message ?? String(error));
      })
      .parseSync()
  );
}

function named<P extends string>(names: readonly P[], word: string | undefined): Readonly<Record<P, string>> {
  const words = Object.fromEntries(names.map((name) => [name, word]));
  if (!areNamed(words, names)) throw new TypeError('A positional has no value.');
  return words;
}

function areNamed<P extends string>(
  words: Readonly<Record<string, string | undefined>>,
  names: readonly P[],
): words is Readonly<Record<P, string>> {
  return names.every((name) => words[name] !== undefined);
}
