import { createReadStream } from 'node:fs';

import { unescapeFormula } from '../text.js';

/**
 * Reads the lines of a `results.csv` that `ResultFiles` wrote, without the header and with formulas restored. Skips an
 * incomplete last line.
 */
export async function* readResults(path: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  let isHeader = true;
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 16 });
  for await (const chunk of stream as AsyncIterable<string>) {
    const text = rest + chunk;
    let start = 0;
    for (const end of lineEnds(text)) {
      if (isHeader) isHeader = false;
      else yield fieldsOf(text.slice(start, end));
      start = end + 2;
    }
    rest = text.slice(start);
  }
}

/** Positions where complete lines end. Line breaks in quotes do not count. */
function* lineEnds(text: string): Generator<number> {
  let quote = text.indexOf('"');
  for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n', end)) {
    if (quote < 0 || end < quote) {
      yield end;
      end += 2;
      continue;
    }
    const closing = text.indexOf('"', quote + 1);
    if (closing < 0) return;
    // An escaped quote is two quotes, so it can be treated as an end and a new start.
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
