import type { Argv, InferredOptionTypes } from 'yargs';

import type { CommandContext } from './command-context.js';
import type { Flags } from './flags.js';

/** Headings of the commands in `--help`, in the order in which they appear. */
export const COMMAND_GROUPS = ['Import', 'After a run', 'The org', 'Tools'] as const;

/** The one word that a command takes besides its flags. */
export interface Positional<Name extends string = string> {
  readonly name: Name;
  /** As a message asks for it: `the CSV file`. */
  readonly label: string;
  readonly describe: string;
  /** The word can be left out, and is empty then. */
  readonly isOptional?: true;
  /** The flag that can be given instead, and its placeholder. The word is then empty. */
  readonly alternative?: { readonly flag: string; readonly value: string };
}

/** A title, or '' for none, and the arguments after the program's name. */
export type Example = readonly [title: string, command: string];

interface CommandText {
  readonly name: string;
  readonly group: (typeof COMMAND_GROUPS)[number];
  /** Begins with a verb; at most two lines in `--help`. */
  readonly description: string;
  readonly examples: readonly Example[];
}

/** A verb of the command line. */
export interface Command extends CommandText {
  readonly positional: Positional | undefined;
  readonly flags: Flags;
  /**
   * @param parse - parses the command line by the flags and the positional of the command.
   * @returns the exit code.
   */
  run(parse: Parse, context: CommandContext): Promise<number>;
}

/** Parses a command line by the flags and the positional of a command. @throws {UsageError} */
export type Parse = <F extends Flags, P extends string>(
  flags: F,
  positional: Positional<P> | undefined,
) => ArgumentsOf<F, P>;

/** What yargs makes of flags. */
export type ParsedFlags<F extends Flags> = ReturnType<
  Argv<Omit<{}, keyof F> & InferredOptionTypes<F>>['parseSync']
>;

/** The values of flags, in camel case, and of the positional. */
export type ArgumentsOf<F extends Flags, P extends string = never> = ParsedFlags<F> &
  Readonly<Record<P, string>>;

/** Declares a verb: everything about it is in one file. */
export function defineCommand<const F extends Flags, P extends string = never>(
  command: CommandText & {
    readonly positional?: Positional<P>;
    readonly flags: F;
    /** @returns the exit code. */
    readonly handler: (argv: ArgumentsOf<F, P>, context: CommandContext) => Promise<number>;
  },
): Command {
  const { handler, flags, positional, ...text } = command;
  return {
    ...text,
    flags,
    positional,
    run: async (parse, context) => handler(parse(flags, positional), context),
  };
}
