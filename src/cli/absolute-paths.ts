import { join, resolve, sep } from 'node:path';

import type { Positional } from './command.js';
import type { Flags } from './flags.js';

/** Arguments whose paths are absolute. */
export interface AbsoluteArguments<A> {
  readonly argv: A;
  /** A path as it was before, if it is one of the arguments or below one. */
  readonly asTyped: (path: string) => string;
}

/**
 * Makes the paths among the arguments of a command absolute, so that the messages that are made of them can be read elsewhere:
 * the mail of a scheduled job does not show its working directory.
 */
export function withAbsolutePaths<A extends Readonly<Record<string, unknown>>>(
  argv: A,
  flags: Flags,
  positional: Positional | undefined,
): AbsoluteArguments<A> {
  const names = Object.keys(flags).filter((name) => isPath(flags[name]?.value));
  if (positional?.name === 'file') names.push(positional.name);
  const typed = new Map<string, string>();
  const absolute: Record<string, string> = {};
  for (const name of names) {
    const path = argv[name];
    if (typeof path !== 'string' || path === '-' || path === '' || path.startsWith('preset:')) continue;
    typed.set(resolve(path), path);
    absolute[name] = resolve(path);
    absolute[camelCase(name)] = resolve(path);
  }
  return { argv: { ...argv, ...absolute }, asTyped: (path) => asTyped(path, typed) };
}

function isPath(value: string | undefined): boolean {
  return value !== undefined && /^(?:file|folder)\b/.test(value);
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function asTyped(path: string, typed: ReadonlyMap<string, string>): string {
  for (const [absolute, asGiven] of typed) {
    if (path === absolute) return asGiven;
    if (path.startsWith(absolute + sep)) return join(asGiven, path.slice(absolute.length + 1));
  }
  return path;
}
