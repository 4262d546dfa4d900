import yargs, { type Argv } from 'yargs';

import type { Environment } from '../settings/layers.js';
import { escapeControlCharacters } from '../text.js';

import type { Command } from './command.js';
import type { CommandContext } from './command-context.js';
import type { Flags } from './flags.js';
import { usageOf } from './help.js';
import { typedWord, type TypedRun } from './typed-word.js';

/** A script that completes commands, flags and run IDs in the shell of `$SHELL`. */
export async function completionScript({ env }: Pick<CommandContext, 'env'>): Promise<string> {
  if (shellOf(env) === 'fish') return FISH_SCRIPT;
  return printedBy(program([]).completion('completion', false), ['completion']);
}

/** What completes a command line. @param args - of the program, with the flag of the script. */
export async function completionsOf(
  args: readonly string[],
  commands: readonly Command[],
  { env }: Pick<CommandContext, 'env'>,
): Promise<string> {
  // The first one is that of the script, the second one the program's name.
  const typed = typedWord(args.slice(2), commands);
  switch (typed.kind) {
    case 'run':
      return (await runCompletions(typed, shellOf(env))).join('\n');
    case 'path':
      // Where there are no completions, the script leaves it to the shell to complete paths.
      return '';
    case 'other':
      return printedBy(program(commands), args);
    default:
      return typed satisfies never;
  }
}

/** yargs's own script passes neither an empty word nor one that is being typed, and completes no file names. */
const FISH_SCRIPT = `function __fish_okta_csv_import_complete
    set -l completions (okta-csv-import --get-yargs-completions (commandline -opc) (commandline -ct) | string match -rv '^$')
    if test (count $completions) -gt 0
        printf '%s\\n' $completions
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -f -c okta-csv-import -a '(__fish_okta_csv_import_complete)'`;

type Shell = 'bash' | 'zsh' | 'fish';

/** As yargs tells them apart. */
function shellOf({ SHELL: shell = '', ZSH_NAME: zshName = '' }: Environment): Shell {
  if (shell.includes('zsh') || zshName.includes('zsh')) return 'zsh';
  return shell.includes('fish') ? 'fish' : 'bash';
}

/** Unlike to run a command, to complete one yargs must know them all. */
function program(commands: readonly Command[]): Argv {
  let parser = yargs().scriptName('okta-csv-import').locale('en');
  for (const { name, positional, description, flags } of commands) {
    parser = parser.command(usageOf({ name, positional }), description, (argv) =>
      argv.options(shownFlags(flags)),
    );
  }
  return parser.version(false).exitProcess(false);
}

/** As `--help` shows them. */
function shownFlags(flags: Flags): Flags {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      flag.type === 'boolean' && flag.default === true ? `no-${name}` : name,
      flag,
    ]),
  );
}

async function printedBy(parser: Argv, args: readonly string[]): Promise<string> {
  let printed = '';
  await parser.parseAsync([...args], {}, (_error, _argv, output) => {
    printed = output;
  });
  return printed;
}

async function runCompletions(
  { reports, beginning, isOfImport }: TypedRun,
  shell: Shell,
): Promise<readonly string[]> {
  const [{ LAST }, { dryRunCommand, foundRuns }] = await Promise.all([
    import('../jobs/find-run.js'),
    import('../jobs/run-folders.js'),
  ]);
  // Nothing can be reported here.
  const runs = await foundRuns(reports).catch(() => []);
  const entries = runs.flatMap((run): (readonly [id: string, text: string])[] => {
    const { runId, kind } = run;
    if (isOfImport && kind !== 'import') return [];
    if (kind === 'unreadable') return [[runId, 'damaged']];
    const command = kind === 'dry-run' ? dryRunCommand(run) : run.description.command;
    const file = kind === 'dry-run' ? run.summary?.file : run.description.file;
    return [[runId, file === undefined ? command : `${command} of ${file.name}`]];
  });
  if (entries.length > 0) entries.unshift([LAST, 'the newest run']);
  return entries
    .filter(([id]) => id.startsWith(beginning))
    .map(([id, text]) =>
      shell === 'bash' ? id : `${id}${SEPARATORS[shell]}${escapeControlCharacters(text)}`,
    );
}

/** Between a completion and its description. */
const SEPARATORS = { zsh: ':', fish: '\t' } as const;
