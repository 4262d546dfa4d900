import yargs, { type Argv } from 'yargs';

import type { Command } from './command.js';
import type { Flags } from './flags.js';

/** A script that completes commands and flags in the shell of `$SHELL`. */
export async function completionScript(): Promise<string> {
  return printedBy(program([]).completion('completion', false), ['completion']);
}

/** What completes a command line. @param args - of the program, with the flag of the script. */
export async function completionsOf(args: readonly string[], commands: readonly Command[]): Promise<string> {
  return printedBy(program(commands), args);
}

/** Unlike to run a command, to complete one yargs must know them all. */
function program(commands: readonly Command[]): Argv {
  let parser = yargs().scriptName('okta-csv-import').locale('en');
  for (const { name, positional, description, flags } of commands) {
    const usage = positional === undefined ? name : `${name} <${positional.name}>`;
    parser = parser.command(usage, description, (argv) => argv.options(shownFlags(flags)));
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
