import { expect } from 'vitest';

import { runCommandLine } from '../../src/cli/command-line.js';
import { commandContext } from '../helpers/command-context.js';

/** What a command that succeeds prints on stdout. */
export async function printedBy(...args: string[]): Promise<string> {
  const context = commandContext();
  expect(await runCommandLine(args, context)).toBe(0);
  return context.printed.stdout;
}

/** What is printed on stderr about a usage error. */
export async function usageErrorOf(...args: string[]): Promise<string> {
  const context = commandContext();
  expect(await runCommandLine(args, context)).toBe(2);
  expect(context.printed.stdout).toBe('');
  return context.printed.stderr;
}
