import type { MalformedRow, Row } from '../rows/row.js';

import { describeMalformed, MALFORMED_ADVICE, type MalformedText } from './malformed.js';
import type { ParsedRow } from './plain-lines.js';

/** Numbers the rows after the header, from 1. Iterate either one by one or in batches. */
export function numberRows(parsed: AsyncGenerator<readonly ParsedRow[], void, undefined>): {
  readonly rows: AsyncIterable<Row>;
  readonly batches: AsyncIterable<readonly Row[]>;
} {
  const batches = numberBatches(parsed);
  return { rows: flatten(batches), batches };
}

async function* numberBatches(
  parsed: AsyncGenerator<readonly ParsedRow[], void, undefined>,
): AsyncGenerator<readonly Row[], void, undefined> {
  let row = 0;
  for await (const batch of parsed) {
    yield batch.map((parsed) => {
      row += 1;
      const { line, cells, malformed, cellKinds, isHidden } = parsed;
      // Copying all properties of nearly every row, which has no others, would take longer.
      if (malformed === undefined && cellKinds === undefined && isHidden === undefined) {
        return { row, line, cells };
      }
      return {
        row,
        line,
        cells,
        ...(malformed && { malformed: malformedRow(cells, malformed) }),
        ...(cellKinds && { cellKinds }),
        ...(isHidden && { isHidden }),
      };
    });
  }
}

async function* flatten(
  batches: AsyncGenerator<readonly Row[], void, undefined>,
): AsyncGenerator<Row, void, undefined> {
  for await (const batch of batches) yield* batch;
}

function malformedRow(cells: readonly string[], malformed: MalformedText): MalformedRow {
  const isMalformed = malformed.kind === 'mixed' ? /[^\0-\x7f]/ : /\uFFFD/;
  const cell = cells.findIndex((text) => isMalformed.test(text));
  const message = `${describeMalformed(malformed)} ${MALFORMED_ADVICE[malformed.kind]}`;
  return { message, cell: Math.max(cell, 0) };
}
