import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';

import type { CommandContext } from './command-context.js';

/**
 * Asks one question. Lines that were typed ahead answer the next questions.
 *
 * @returns the answer, trimmed; empty if the signal aborts the question or the input ends. `hasEnded` tells the latter from
 *   an empty line.
 */
export async function ask(
  question: string,
  { stdin, terminal }: Pick<CommandContext, 'stdin' | 'terminal'>,
  signal: AbortSignal,
): Promise<{ readonly answer: string; readonly hasEnded: boolean }> {
  const { typedAhead, promptStream } = terminal;
  const ready = typedAhead.shift();
  if (ready !== undefined) {
    promptStream.write(`${question}${ready}\n`);
    return { answer: ready.trim(), hasEnded: false };
  }
  const input = stdin as Readable;
  if (input.readableEnded || input.destroyed) return { answer: '', hasEnded: true };
  // With readline's own editing, Ctrl-C would no longer be a signal.
  const prompt = createInterface({ input, output: promptStream, terminal: false });
  prompt.on('line', (line) => typedAhead.push(line));
  const ended = new Promise<undefined>((resolve) => prompt.once('close', () => resolve(undefined)));
  try {
    const answer = await Promise.race([prompt.question(question, { signal }), ended]);
    return { answer: (answer ?? '').trim(), hasEnded: answer === undefined };
  } catch (error) {
    if (signal.aborted) return { answer: '', hasEnded: true };
    throw error;
  } finally {
    prompt.close();
  }
}
