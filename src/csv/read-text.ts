import { headerOptions, isFoundByEarlierVersion, type CsvOptions, type CsvTable } from './csv-table.js';
import { decode } from './decode.js';
import type { FileBytes } from './decompress.js';
import { withoutEndMark } from './end-mark.js';
import { encodingNotices } from './encoding-notices.js';
import { EmptyCsvError, MalformedTextError } from './errors.js';
import { skippedLinesNotices } from './find-header.js';
import { rejectForeignText } from './foreign-text.js';
import { markNotices, rejectGarbledText, removeMark } from './garbled-header.js';
import { parseHeader } from './header.js';
import { isBlank, numberRows } from './number-rows.js';
import { parseRows } from './parse-rows.js';
import type { ParsedRow } from './plain-lines.js';
import { prepend, throwing } from './prepend.js';
import { readHead, type Head } from './read-head.js';
import { rejectSevenBitText } from './seven-bit-file.js';
import { splitByBestDelimiter } from './dialect.js';
import { checkStructure, SAMPLE_ROWS } from './structure.js';
import { below, joinedNotice, joinTwoLines } from './two-line-header.js';

/** Reads a text up to its header: see `readCsv`. */
export async function readText(file: FileBytes, options: CsvOptions): Promise<CsvTable> {
  const { encoding: requested, found, recognize } = options;
  const isOldRun = isFoundByEarlierVersion(found);
  const { blocks: decoded, encoding, closeGuess } = decode(file, found ?? requested);
  const blocks = isOldRun ? decoded : withoutEndMark(decoded);
  try {
    const { head, rest: text } = await readHead(blocks, {
      ...headerOptions(options),
      delimiter: found?.delimiter ?? options.delimiter,
    });
    const { delimiter } = head;
    // An earlier reading has checked all this.
    const checks = found === undefined ? recognize : undefined;
    const known = head.names.filter((name) => checks?.(name) !== undefined).length;
    if (found === undefined) rejectForeignText(head.start, known >= 2);

    const batches = parseRows(text, { delimiter, firstLine: head.preamble.lines + 1 });
    const { value: firstBatch } = await batches.next();
    const [header, ...rows] = firstBatch ?? [];
    if (!header) throw new EmptyCsvError();
    if (header.malformed) throw new MalformedTextError(header.malformed);
    const { line: headerLine } = header;
    let rest = prepend<readonly ParsedRow[]>(rows, batches);
    const unmarked = removeMark(header.cells);
    let joined = found?.joinedHeader;
    if (checks !== undefined) {
      const sample = await takeSample(rest);
      rejectGarbledText(headerLine, unmarked, { rows: sample.rows, recognize: checks });
      if (requested === undefined) {
        const header = { line: headerLine, cells: unmarked.names };
        rejectSevenBitText(header, { rows: sample.rows, delimiter, recognize: checks });
      }
      checkStructure({
        header,
        rows: sample.rows,
        delimiter,
        headerText: head.headerText,
        recognize: checks,
      });
      rest = sample.rest;
      if (options.headerRow === undefined) {
        const lines = {
          above: lineAbove(head, headerLine),
          header: { line: headerLine, cells: unmarked.names },
        };
        joined = joinTwoLines({ ...lines, below: sample.rows[0] }, checks);
      }
    }
    if (joined !== undefined) rest = below(joined.lastLine, rest);
    const columns = parseHeader(joined?.names ?? unmarked.names, headerLine);
    const notices = joined
      ? [joinedNotice(joined, headerLine)]
      : skippedLinesNotices(headerLine, head.formatLines);
    const { ignored, ...numbered } = numberRows(rest, {
      headerLine,
      delimiter,
      columns,
      keepsBlankRows: isOldRun,
    });
    return {
      delimiter,
      header: columns.header,
      columns: columns.indexes,
      headerLine,
      ...numbered,
      found: () => {
        const { names } = unmarked;
        const guess = encodingNotices(encoding(), closeGuess(), { headerLine, names, delimiter, recognize });
        return {
          ...encoding(),
          delimiter,
          headerLine,
          joinedHeader: joined,
          notices: [...notices, ...ignored(), ...guess.notices],
          warnings: [...markNotices(unmarked), ...guess.warnings],
        };
      },
    };
  } catch (error) {
    await blocks.return();
    throw error;
  }
}

/** The cells of the last line that was skipped; undefined for none. */
function lineAbove(
  { preamble, delimiter }: Head,
  headerLine: number,
): { readonly line: number; readonly cells: readonly string[] } | undefined {
  const text = /[^\r\n]+(?=[\r\n]*$)/.exec(preamble.text)?.[0];
  if (text === undefined) return undefined;
  return { line: headerLine - 1, cells: splitByBestDelimiter(text, delimiter).scan.cells };
}

/** Takes the first rows that have a value. An error surfaces from `rest`, after the rows before it. */
async function takeSample(batches: AsyncGenerator<readonly ParsedRow[], void, undefined>): Promise<{
  readonly rows: readonly ParsedRow[];
  readonly rest: AsyncGenerator<readonly ParsedRow[], void, undefined>;
}> {
  const taken: ParsedRow[] = [];
  let source = batches;
  let sample: readonly ParsedRow[] = [];
  while (sample.length < SAMPLE_ROWS && taken.length < MAX_SAMPLED) {
    try {
      const { value: batch } = await source.next();
      if (batch === undefined) break;
      taken.push(...batch);
    } catch (error) {
      source = throwing(error);
      break;
    }
    sample = taken.filter(({ cells }) => !isBlank(cells)).slice(0, SAMPLE_ROWS);
  }
  return { rows: sample, rest: prepend<readonly ParsedRow[]>(taken, source) };
}

/** Blank rows are not waited for without end. */
const MAX_SAMPLED = 1000;
