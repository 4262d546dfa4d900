import { OktaImportError } from '../errors.js';
import { didYouMean } from '../text.js';

/** The command line cannot be understood. */
export class UsageError extends OktaImportError {
  override readonly code = 'ERR_USAGE';

  constructor(message: string, { hint = 'See what the flags of the command take: --help after it.' } = {}) {
    super(message, { hint });
  }
}

type Positional = readonly [what: string, name: string];
const FILE: Positional = ['the CSV file', '<file>'];
const RUN: Positional = ['the run (a folder of reports)', '<run>'];

/** What must follow a command, as its declaration calls it. */
const POSITIONALS: Readonly<Record<string, Positional>> = {
  import: FILE,
  validate: FILE,
  mapping: FILE,
  resume: RUN,
  activate: RUN,
  verify: RUN,
  undo: RUN,
  report: RUN,
  get: ['the user', '<user>'],
};

/**
 * What yargs says of a command line, with the nearest right word.
 *
 * @param flags - the names of the flags that the command has.
 */
export function usageError(
  message: string,
  args: readonly string[],
  known: { readonly commands: readonly string[]; readonly flags: readonly string[] },
): UsageError {
  const command = args.find((arg) => known.commands.includes(arg));
  const hint = `See okta-csv-import ${command === undefined ? '' : `${command} `}--help.`;
  if (/^(Did you mean|Unknown command)/.test(message)) {
    const word = args.find((arg) => !arg.startsWith('-')) ?? '';
    return new UsageError(`There is no command "${word}".${didYouMean(word, known.commands)}`, { hint });
  }
  if (message.startsWith('Not enough non-option arguments')) {
    const positional = POSITIONALS[command ?? ''];
    if (positional === undefined) return new UsageError(message, { hint });
    const [what, name] = positional;
    return new UsageError(`Name ${what}: okta-csv-import ${command} ${name}`, { hint });
  }
  const [, flag, given, choices] = /Argument: ([\w-]+), Given: (".*"), Choices: (.*)/.exec(message) ?? [];
  if (flag !== undefined) {
    const words = [...choices!.matchAll(/"([^"]*)"/g)].map((found) => found[1]!);
    const nearest = didYouMean(given!.slice(1, -1), words);
    return new UsageError(`--${flag} takes ${choices}, not ${given}.${nearest}`, { hint });
  }
  const [, one, other] = /^Arguments ([\w-]+) and ([\w-]+) are mutually exclusive/.exec(message) ?? [];
  if (one !== undefined) return new UsageError(`--${one} and --${other} cannot be given together.`, { hint });
  const [, unknown] = /^Unknown arguments?: (.*)$/.exec(message) ?? [];
  if (unknown === undefined) return new UsageError(message, { hint });
  const names = [...new Set(unknown.split(', ').map((name) => (/[A-Z]/.test(name) ? kebab(name) : name)))];
  const sentences = names.map((name) =>
    args.includes(name)
      ? `"${name}" is one argument too many.`
      : `There is no flag --${name}.${didYouMean(name, known.flags, (flag) => `--${flag}`)}`,
  );
  return new UsageError(sentences.join(' '), { hint });
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
