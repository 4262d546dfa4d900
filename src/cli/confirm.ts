import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';

import type { ImportPlan } from '../jobs/import.js';
import { ROW_OPTIONS, toArgs, type ImportOptions } from '../jobs/options.js';
import type { LoginSample, UndoPlan } from '../jobs/undo.js';
import { escapeControlCharacters, plural } from '../text.js';

import type { CommandContext } from './command-context.js';
import { inShell } from './next-steps.js';

/**
 * Asks for confirmation of an import. Where nobody can answer there is no question: a schedule is never held up.
 *
 * @param file - as it was typed.
 */
export async function confirmImport(
  file: string,
  options: ImportOptions,
  { orgUrl, rows, signal }: ImportPlan,
  context: CommandContext,
): Promise<boolean> {
  const { terminal, canAsk } = context;
  // Standard input may be the file, and then nobody's answer.
  if (!canAsk || terminal.isJson || file === '-') return true;
  const { activate = true, groups = [], userType, ifExists = 'fail' } = options;
  const people = rows === 1 ? '1 row becomes a user' : `${rows} rows become users`;
  const inGroups = groups.length === 0 ? '' : `, in ${groups.join(', ')}`;
  const type = userType === undefined ? '' : `, of type ${userType}`;
  const state = activate ? 'active' : 'staged (--no-activate)';
  const mails = activate ? ' Okta mails an activation link to everyone who gets no password.' : '';
  const lines = [
    `${people} of ${orgUrl}: ${state}${inGroups}${type}.${mails}`,
    `People who are there already: ${IF_EXISTS[ifExists]} (--if-exists ${ifExists}).`,
    `To see the plan first: ${inShell('validate', file, ...toArgs(options, ROW_OPTIONS), '--org')}`,
  ];
  terminal.info(lines.map(escapeControlCharacters).join('\n'));
  return saysYes('Go on?', context, signal);
}

const IF_EXISTS: Readonly<Record<NonNullable<ImportOptions['ifExists']>, string>> = {
  fail: 'their rows fail',
  skip: 'they are left alone',
  update: 'their profiles are brought up to date',
};

/** Shows what an undo would do, and asks for confirmation unless `--yes` was given. */
export async function confirmUndo(
  plan: UndoPlan,
  { yes }: { readonly yes: boolean },
  context: CommandContext,
): Promise<boolean> {
  const { terminal, canAsk } = context;
  const { remove, restore, signal } = plan;
  terminal.info(undoPlanLines(plan).join('\n'));
  if (yes || remove.count + restore.count === 0) return true;
  if (!canAsk) {
    terminal.warn('Nothing was done. Give --yes to do it.');
    return false;
  }
  return saysYes('Take it back?', context, signal);
}

function undoPlanLines(plan: UndoPlan): string[] {
  const { orgUrl, runId, remove, restore, changed, gone, restoredEarlier, force } = plan;
  const lines = [`${orgUrl}, run ${runId}: ${undoActions(plan)}.`];
  if (remove.count > 0) lines.push(`To be deleted: ${loginsOf(remove)}`);
  if (restore.count > 0) lines.push(`To get former values back: ${loginsOf(restore)}`);
  if (changed.count > 0) {
    const fate = force ? 'are among them (--force)' : 'keep what was changed (--force takes them back too)';
    lines.push(`${changed.count} whose profile was changed since ${fate}: ${loginsOf(changed)}`);
  }
  if (gone > 0) lines.push(`${gone} ${gone === 1 ? 'is' : 'are'} gone already.`);
  if (restoredEarlier > 0) {
    lines.push(`${restoredEarlier} got former values back by an earlier undo already.`);
  }
  return lines;
}

function undoActions({ remove, restore }: UndoPlan): string {
  const back = `${plural(restore.count, 'user')} that it updated ${restore.count === 1 ? 'gets' : 'get'} former values back`;
  if (remove.count === 0) return restore.count === 0 ? 'there is nothing to take back' : back;
  const gone = `${plural(remove.count, 'user')} that it created will be deleted for good`;
  return restore.count === 0 ? gone : `${gone}, ${back}`;
}

function loginsOf({ count, logins }: LoginSample): string {
  const more = count - logins.length;
  return escapeControlCharacters(logins.join(', ')) + (more === 0 ? '' : `, and ${more} more`);
}

/**
 * Has whoever sits at the terminal agree to something by the whole word, which no slip of a finger types; ask only where
 * `canAsk` says that somebody does.
 *
 * @param question - one that ends in its question mark.
 */
async function saysYes(
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
