import type { Command } from './command.js';
import { isFlag, readFlag } from './flag-syntax.js';
import { reportFlags, type Flag } from './flags.js';
import { fileArgument, runArgument } from './positionals.js';

/** What the word means that is being typed, for its completion. */
export type TypedWord =
  | TypedRun
  /** Of a file or a folder. */
  | { readonly kind: 'path' }
  /** A command, a flag, or the value of one. */
  | { readonly kind: 'other' };

/** A run ID. */
export interface TypedRun {
  readonly kind: 'run';
  /** The folder of the runs. */
  readonly reports: string;
  /** So far. */
  readonly beginning: string;
  /** Whether the command works on imports only. */
  readonly isOfImport: boolean;
}

const OTHER: TypedWord = { kind: 'other' };
const PATH: TypedWord = { kind: 'path' };

/** @param words - after the program's name; the last one is being typed. */
export function typedWord(words: readonly string[], commands: readonly Command[]): TypedWord {
  const beginning = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  let command: Command | undefined;
  let positional: string | undefined;
  let reports: string = reportFlags.reports.default;
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? '';
    if (!isFlag(word)) {
      if (command === undefined) command = commands.find(({ name }) => name === word);
      else positional = word;
      if (command === undefined) return OTHER;
      continue;
    }
    const { name, flag, value } = readFlag(word, command?.flags ?? { reports: reportFlags.reports });
    if (flag?.value === undefined) continue;
    // bash makes three words of --reports=folder.
    if (value === undefined) at += before[at + 1] === '=' ? 2 : 1;
    const given = value ?? before[at];
    if (given === undefined) return isPathFlag(flag) ? PATH : OTHER;
    if (name === 'reports') reports = given;
  }
  if (isFlag(beginning) || command === undefined || positional !== undefined) return OTHER;
  switch (command.positional?.name) {
    case fileArgument.name:
      return PATH;
    case runArgument.name:
      if (beginning.includes('/')) return PATH;
      return { kind: 'run', reports, beginning, isOfImport: command.name !== 'report' };
    default:
      return OTHER;
  }
}

function isPathFlag({ value }: Flag): boolean {
  return value === 'file' || value === 'folder';
}
