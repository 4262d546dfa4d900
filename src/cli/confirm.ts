import type { AskAboutHiddenRows } from '../jobs/hidden-rows.js';
import type { ImportPlan } from '../jobs/import.js';
import type { HiddenRowsAction } from '../journal/journal-line.js';
import { SAME_FILE_OPTIONS, toArgs, type ImportOptions } from '../jobs/options.js';
import type { UndoPlan } from '../jobs/undo.js';
import { undoPlanLines } from '../jobs/undo-plan-text.js';
import type { ForeignOrg } from '../settings/foreign-org.js';
import { escapeControlCharacters, plural } from '../text.js';
import { mailsText } from '../jobs/mail-text.js';
import { inShell } from '../jobs/next-steps.js';

import { ask } from './ask.js';
import type { CommandContext } from './command-context.js';

/** An import as it was typed. */
export interface TypedImport {
  readonly file: string;
  readonly options: ImportOptions;
  /** Arguments that are no options of the import, but that its dry run takes as well. */
  readonly otherArgs: readonly string[];
}

/** Asks for confirmation of an import. Without a terminal there is no question, so that scheduled imports do not hang. */
export async function confirmImport(
  { file, options, otherArgs }: TypedImport,
  { orgUrl, rows, mails, signal }: ImportPlan,
  context: CommandContext,
): Promise<boolean> {
  const { terminal } = context;
  if (!canAskAbout(file, context)) return true;
  const { activate = true, groups = [], userType, ifExists = 'fail', links } = options;
  const state = activate ? 'active' : 'staged (--no-activate)';
  const type = userType === undefined ? '' : `, type ${userType}`;
  const inGroups = groups.length === 0 ? '' : `, groups ${groups.join(', ')}`;
  const plan = activate ? await mails() : undefined;
  const count = plan === undefined ? '' : ` Up to ${mailsText(plan)}.`;
  const emails =
    links !== undefined
      ? ` No emails: activation links and generated passwords are written to ${links}.`
      : activate
        ? ` Okta emails an activation link to every user without a password.${plan?.mails === 0 ? ' There are none.' : count}`
        : '';
  const lines = [
    `Import ${plural(rows, 'row')} into ${orgUrl}. New users: ${state}${type}${inGroups}.${emails}`,
    `Existing users: ${IF_EXISTS[ifExists]} (--if-exists ${ifExists}).`,
    `To see the plan first, run: ${inShell('validate', file, ...toArgs(options, SAME_FILE_OPTIONS), ...otherArgs, '--org')}`,
  ];
  terminal.info(lines.map(escapeControlCharacters).join('\n'));
  return saysYes('Continue?', context, signal);
}

/** Whether a question about an import can be answered. When stdin is the file, it cannot be the answer. @param file - as it was typed. */
export function canAskAbout(file: string, { canAsk, terminal }: CommandContext): boolean {
  return canAsk && !terminal.isJson && file !== '-';
}

/** Asks whether the hidden rows of a workbook are imported as well. Call it only if `canAskAbout`. */
export async function askAboutHiddenRows(
  { description, signal }: Parameters<AskAboutHiddenRows>[0],
  context: CommandContext,
): Promise<HiddenRowsAction | undefined> {
  const { terminal } = context;
  terminal.info(escapeControlCharacters(description));
  const { answer } = await ask('Import them as well? Type include or skip: ', context, signal);
  const action = (['include', 'skip'] as const).find((each) => each === answer.toLowerCase());
  if (action === undefined && !signal.aborted) {
    terminal.warn('Nothing was changed, because the answer was neither include nor skip.');
  }
  return action;
}

const IF_EXISTS: Readonly<Record<NonNullable<ImportOptions['ifExists']>, string>> = {
  fail: 'their rows fail',
  skip: 'skipped',
  update: 'their profiles are updated',
};

/** Asks whether credentials may be sent to a host that only a file in the current folder names. Call it only if `canAsk`. */
export async function confirmForeignOrg(
  { host, orgFrom, credentialsFrom }: ForeignOrg,
  context: CommandContext,
): Promise<boolean> {
  const interrupt = new AbortController();
  context.onInterrupt(() => interrupt.abort());
  context.terminal.info(
    escapeControlCharacters(
      `${orgFrom} names the host ${host}, which does not belong to Okta. It would get the credentials of ${credentialsFrom}.`,
    ),
  );
  return saysYes(`Is ${escapeControlCharacters(host)} your org?`, context, interrupt.signal);
}

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
    terminal.warn('Nothing was changed. Use --yes to confirm.');
    return false;
  }
  return saysYes('Undo the run?', context, signal);
}

/**
 * Asks for the whole word "yes", which is hardly typed by accident. Call it only if `canAsk`.
 *
 * @param question - with its question mark.
 */
export async function saysYes(
  question: string,
  context: Pick<CommandContext, 'stdin' | 'terminal'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { answer } = await ask(`${question} Type yes: `, context, signal);
  if (answer.toLowerCase() === 'yes') return true;
  if (!signal.aborted) context.terminal.warn('Nothing was changed, because the answer was not yes.');
  return false;
}
