import { SAME_FILE_OPTIONS, toArgs, type ImportOptions } from '../jobs/options.js';
import { columnsToIgnore, ColumnsError, type ColumnProblem } from '../mapping/columns-error.js';
import type { Cancellation } from '../rows/cancellation.js';
import { exitCodeOf } from '../rows/exit-code.js';
import { inShell } from '../jobs/next-steps.js';

import { canAskAbout } from './confirm.js';
import type { CommandContext } from './command-context.js';
import { DIALECT_OPTIONS, unusedMappingName } from './mapping-output.js';

/** A command over a file, as it was typed. */
export interface FileCommand {
  readonly verb: 'import' | 'validate';
  readonly file: string;
  readonly options: ImportOptions;
  /** Arguments that select the org; empty offline. */
  readonly orgArgs: readonly string[];
  /** Whether questions may be asked at a terminal. */
  readonly mayAsk: boolean;
  readonly cancellation: Cancellation;
}

/**
 * Runs a command over a file. If columns are not recognized, asks what they are and runs it again with the mapping file that
 * has the answers; without a terminal, the error has the commands that lead on.
 */
export async function withAssignedColumns(
  command: FileCommand,
  context: CommandContext,
  run: (options: ImportOptions) => Promise<number>,
): Promise<number> {
  const { file, options, mayAsk, cancellation } = command;
  try {
    return await run(options);
  } catch (error) {
    if (!(error instanceof ColumnsError)) throw error;
    const isAsking = mayAsk && options.mapping === undefined && canAskAbout(file, context);
    if (!isAsking) throw withCommands(error, command);
    const { askAboutColumns } = await import('./ask-about-columns.js');
    const mapping = await askAboutColumns(error, { file, options, signal: cancellation.signal }, context);
    if (cancellation.isAborted) return exitCodeOf(cancellation.reason);
    if (mapping === undefined) throw withCommands(error, command);
    return run({ ...options, mapping });
  }
}

/** The same error with commands to paste, each on its own line. */
function withCommands(error: ColumnsError, { verb, file, options, orgArgs }: FileCommand): ColumnsError {
  const ignored = columnsToIgnore(error.problems);
  const has = (code: ColumnProblem['code']): boolean =>
    error.problems.some((problem) => problem.code === code);
  const splits = has('full-name');
  if (ignored.length === 0 && !splits) return error;
  const { mapping } = options;
  const command = (more: ImportOptions): string =>
    `  ${inShell(verb, file, ...toArgs({ ...options, ...more }, SAME_FILE_OPTIONS), ...orgArgs)}`;
  const noun = ignored.length === 1 ? 'column' : 'columns';
  const lines: string[] = [];
  const given = ignoredSoFar(error, options);
  const isSolved = ({ code, column = '' }: ColumnProblem): boolean =>
    ignored.includes(column) ||
    (code === 'column-missing' && options.ignoreColumns?.includes(column) === true);
  // With other problems, the command would fail again.
  const ignoring = error.problems.every(isSolved)
    ? [command({ ignoreColumns: [...given, ...ignored] })]
    : undefined;
  if (mapping === undefined) {
    const output = unusedMappingName(file);
    const dialect = toArgs(options, DIALECT_OPTIONS);
    lines.push(
      `Write a mapping file${splits ? ' that splits the names' : ''}, review it, and use it:`,
      `  ${inShell('mapping', file, ...dialect, ...orgArgs, '--output', output)}`,
      command({ mapping: output }),
      ...(ignoring === undefined ? [] : [`Or ignore the ${noun}:`, ...ignoring]),
    );
  } else {
    const name = typeof mapping === 'string' ? mapping : mapping.fileName;
    const alternative = ignored.length === 1 ? 'ignore it' : 'ignore them';
    lines.push(
      ...(ignored.length === 0
        ? [`Map the names in ${name}.`]
        : ignoring === undefined
          ? [`Map the ${noun} in ${name}.`]
          : [`Map the ${noun} in ${name}, or ${alternative}:`, ...ignoring]),
    );
  }
  if (!error.known.isOrgSchema && has('column-unknown')) {
    lines.push("This check is offline. With --org, it also knows the org's custom attributes.");
  }
  return new ColumnsError(error.problems, error.known, lines.join('\n'));
}

/** The columns that the command ignores, without those that the file does not have. */
function ignoredSoFar(error: ColumnsError, { ignoreColumns = [] }: ImportOptions): readonly string[] {
  const missing = error.problems.flatMap(({ code, column }) => (code === 'column-missing' ? [column] : []));
  return ignoreColumns.filter((column) => !missing.includes(column));
}
