import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';

import type { CommandContext } from './command-context.js';

/**
 * Has whoever sits at the terminal agree to something by the whole word, which no slip of a finger types; ask only where
 * `canAsk` says that somebody does.
 *
 * @param question - one that ends in its question mark.
 */
export async function saysYes(
  question: string,
  surroundings: Pick<CommandContext, 'stdin' | 'terminal'>,
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await ask(`${question} Type yes: `, surroundings, signal);
  if (answer.toLowerCase() === 'yes') return true;
  if (!signal.aborted) surroundings.terminal.warn('Nothing was done: the answer was not yes.');
  return false;
}

/**
 * @returns what was typed, without the spaces around it; nothing when the signal came or the input ended instead.
 */
async function ask(
  question: string,
  { stdin, terminal }: Pick<CommandContext, 'stdin' | 'terminal'>,
  signal: AbortSignal,
): Promise<string> {
  // The terminal does the editing: were it left to readline, Ctrl-C would no longer be a signal.
  const prompt = createInterface({
    input: stdin as Readable,
    output: terminal.promptStream,
    terminal: false,
  });
  const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  try {
    return (await Promise.race([prompt.question(question, { signal }), ended])).trim();
  } catch (error) {
    if (signal.aborted) return '';
    throw error;
  } finally {
    prompt.close();
  }
}
