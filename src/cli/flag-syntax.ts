import type { Flag, Flags } from './flags.js';

/** One argument that begins with a dash. */
export interface TypedFlag {
  /** As declared; as typed, in kebab case, where there is no such flag. */
  readonly name: string;
  /** Undefined where there is no such flag. */
  readonly flag: Flag | undefined;
  /** After `=`; `false` of `--no-name`. */
  readonly value: string | undefined;
}

/** Whether an argument is a flag. A dash alone is standard input, and -5 is a number. */
export function isFlag(arg: string): boolean {
  return /^-[^\d]/.test(arg);
}

/** Reads a flag as yargs does: `--name=value`, `--logFile` for `--log-file`, `--no-name`, `-o`. */
export function readFlag(arg: string, flags: Flags): TypedFlag {
  const equals = arg.indexOf('=');
  const typed = arg.slice(0, equals === -1 ? undefined : equals).replace(/^--?/, '');
  const value = equals === -1 ? undefined : arg.slice(equals + 1);
  const kebab = typed.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (flags[kebab] !== undefined) return { name: kebab, flag: flags[kebab], value };
  const positive = kebab.replace(/^no-/, '');
  const negated = flags[positive];
  if (negated?.type === 'boolean') return { name: positive, flag: negated, value: 'false' };
  const [name, flag] = Object.entries(flags).find(([, { alias }]) => alias === kebab) ?? [kebab, undefined];
  return { name, flag, value };
}
