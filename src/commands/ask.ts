import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';

import type { Surroundings } from './surroundings.js';

/**
 * Puts a question to whoever sits at the terminal; ask only where `canAsk` says that somebody does.
 *
 * @returns what was typed, without the spaces around it; nothing when the signal came or the input ended instead.
 */
export async function ask(
  question: string,
  { stdin, talk }: Pick<Surroundings, 'stdin' | 'talk'>,
  signal: AbortSignal,
): Promise<string> {
  // The terminal does the editing: were it left to readline, Ctrl-C would no longer be a signal.
  const prompt = createInterface({ input: stdin as Readable, output: talk.questionStream, terminal: false });
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
