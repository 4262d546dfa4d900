import { openSource } from '../csv/source.js';
import { toCsvOptions } from '../jobs/csv-options.js';
import type { ImportOptions } from '../jobs/options.js';
import type { Samples } from '../jobs/sample-rows.js';
import { createColumnFinder } from '../mapping/assign-columns.js';
import type { ColumnProblem, ColumnsError } from '../mapping/columns-error.js';
import { draftMapping } from '../mapping/draft-mapping.js';
import { splitName } from '../mapping/full-name.js';
import { createHeaderMatcher, type HeaderMatcher } from '../mapping/match-header.js';
import { looksSecret } from '../mapping/secret-columns.js';
import { escapeControlCharacters, listOf, plural, quoted } from '../text.js';

import { ask } from './ask.js';
import type { CommandContext } from './command-context.js';
import { checkCommand, unusedMappingName, writeNewMapping } from './mapping-output.js';
import { readHead, type FileHead } from './read-head.js';

export interface ColumnQuestions {
  /** As it was typed. */
  readonly file: string;
  readonly options: ImportOptions;
  /** Ends the wait for an answer. */
  readonly signal: AbortSignal;
}

/**
 * Asks what the columns are that were not recognized, one by one, and writes a mapping file with the answers. Call it only if
 * `canAskAbout`.
 *
 * @returns the path of the mapping file; undefined if the input ended, or a problem is left that no answer solves.
 */
export async function askAboutColumns(
  error: ColumnsError,
  { file, options, signal }: ColumnQuestions,
  context: CommandContext,
): Promise<string | undefined> {
  const { terminal } = context;
  const { known, problems } = error;
  if (!problems.every(({ code }) => ANSWERABLE.has(code))) return undefined;
  const { header, samples } = await headOf(file, options);
  const choices = new Map<string, string | undefined>();
  for (const column of options.ignoreColumns ?? []) choices.set(column.trim(), undefined);
  const questions = problems.filter(({ column = '' }) => column.trim() !== '');
  if (questions.length === 0) return undefined;

  terminal.info(
    escapeControlCharacters(
      `${plural(questions.length, 'column')} of ${file} ${questions.length === 1 ? 'is' : 'are'} not recognized. For each, type the name of an attribute, or press Enter to ignore the column; type all to ignore the rest, or ? for the names. The answers are written to a mapping file.`,
    ),
  );
  const matcher = createHeaderMatcher(known);
  let ignoresRest = false;
  for (const [index, problem] of questions.entries()) {
    const column = (problem.column ?? '').trim();
    if (ignoresRest) {
      choices.set(column, undefined);
      continue;
    }
    const cells = cellsOf(column, header, samples);
    const place = questions.length === 1 ? '' : `${index + 1} of ${questions.length}: `;
    const answer = await askAboutColumn(problem, { place, cells, matcher, signal }, context);
    if (answer === 'ended') return undefined;
    if (answer === 'all') ignoresRest = true;
    if (answer !== 'split') choices.set(column, typeof answer === 'object' ? answer.path : undefined);
  }
  const path = unusedMappingName(file);
  const mapping = draftMapping({
    header,
    known,
    required: [],
    fileName: file,
    checkCommand: checkCommand({ file, ...options }, path),
    samples,
    choices,
  });
  await writeNewMapping(path, mapping);
  terminal.info(`Wrote the mapping to ${path}. To use it again, add --mapping ${path}.`);
  return path;
}

/** Problems that an answer solves. */
const ANSWERABLE: ReadonlySet<ColumnProblem['code']> = new Set([
  'column-unknown',
  'column-ambiguous',
  'column-repeated',
  'full-name',
  'login-missing',
]);

type Answer = 'ended' | 'all' | 'ignore' | 'split' | { readonly path: string };

async function askAboutColumn(
  problem: ColumnProblem,
  {
    place,
    cells,
    matcher,
    signal,
  }: {
    readonly place: string;
    readonly cells: readonly string[];
    readonly matcher: HeaderMatcher;
    readonly signal: AbortSignal;
  },
  context: CommandContext,
): Promise<Answer> {
  const { column = '', candidates = [] } = problem;
  const examples = looksSecret(column) ? '' : examplesIn(cells);
  const splits = problem.code === 'full-name';
  const suggestion = splits
    ? ` It has whole names${exampleOfSplit(cells)}. Type split to split them.`
    : candidates.length === 0
      ? ''
      : ` Perhaps ${listOf(candidates, 'or')}.`;
  for (;;) {
    const question = escapeControlCharacters(`${place}${quoted(column)}${examples}.${suggestion} `);
    const { answer, hasEnded } = await ask(question, context, signal);
    if (hasEnded) return 'ended';
    if (answer === '' || answer.toLowerCase() === 'ignore') return 'ignore';
    if (answer.toLowerCase() === 'all') return 'all';
    if (splits && answer.toLowerCase() === 'split') return 'split';
    const path = answer === '?' ? undefined : matcher.pathOf(answer);
    if (path !== undefined) return { path };
    const names = [...matcher.known.attributes.keys(), 'groups', 'password', 'type'];
    const [closest] = matcher.closestNames(answer);
    const message =
      answer === '?'
        ? `Attributes: ${names.join(', ')}.`
        : `There is no attribute ${quoted(answer)}.${closest === undefined ? '' : ` Did you mean ${closest}?`} Type ? for the names.`;
    context.terminal.info(escapeControlCharacters(message));
  }
}

function examplesIn(cells: readonly string[]): string {
  const values = [...new Set(cells)].filter((cell) => cell !== '').slice(0, 3);
  return values.length === 0 ? ' (empty)' : ` (${values.map(quoted).join(', ')})`;
}

function exampleOfSplit(cells: readonly string[]): string {
  const name = cells.find((cell) => cell !== '');
  if (name === undefined) return '';
  const { given, family } = splitName(name);
  return `: ${quoted(name)} is ${quoted(given)} and ${quoted(family)}`;
}

function cellsOf(column: string, header: readonly string[], samples: Samples): readonly string[] {
  const index = createColumnFinder(header)(column);
  return index === undefined ? [] : samples.map((cells) => (cells[index] ?? '').trim());
}

async function headOf(file: string, options: ImportOptions): Promise<FileHead> {
  const source = await openSource(file, noBytes());
  try {
    return await readHead(source, toCsvOptions({ ...options, ignoreColumns: options.ignoreColumns ?? [] }));
  } finally {
    await source.close();
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array, void> {}
