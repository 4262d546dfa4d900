import { createReadStream } from 'node:fs';

import { unescapeFormula } from '../text.js';

/**
 * Reads a `results.csv` back, as `ResultFiles` wrote it, without its header: the fields of one line at a time, formulas as
 * they were. A line that is torn at the end is left out.
 */
export async function* readResults(path: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  let isHeader = true;
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 16 });
  for await (const chunk of stream as AsyncIterable<string>) {
    const text = rest + chunk;
    let start = 0;
    for (const end of recordEnds(text)) {
      if (isHeader) isHeader = false;
      else yield fieldsOf(text.slice(start, end));
      start = end + 2;
    }
    rest = text.slice(start);
  }
}

/** Where the records end that are whole. A line break in quotes ends nothing. */
function* recordEnds(text: string): Generator<number> {
  let quote = text.indexOf('"');
  for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n', end)) {
    if (quote < 0 || end < quote) {
      yield end;
      end += 2;
      continue;
    }
    const closing = text.indexOf('"', quote + 1);
    if (closing < 0) return;
    // A quote that is doubled closes and opens again, which comes to the same.
    quote = text.indexOf('"', closing + 1);
    end = Math.max(end, closing);
  }
}

function fieldsOf(line: string): string[] {
  const fields = line.includes('"')
    ? [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      )
    : line.split(',');
  return fields.map(unescapeFormula);
}
