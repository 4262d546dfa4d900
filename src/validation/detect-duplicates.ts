import type { ValueProblem } from '../rows/problem.js';
import { lineText } from '../rows/place.js';
import type { Row } from '../rows/row.js';
import { capitalize, quoted } from '../text.js';

import { foldLogin } from './login.js';
import type { RowMemory } from './row-memory.js';

/** Detects logins and values of unique attributes that an earlier row of the file has. */
export type DuplicateDetector = (
  name: string,
  value: unknown,
  row: Row,
  explainRepeated?: ExplainRepeated | undefined,
) => ValueProblem | undefined;

/** More to say about a login that the row on another line has as well. */
export type ExplainRepeated = (row: Row, firstLine: number) => string;

/** Keeps one table per attribute, since an attribute is unique across user types. */
export function createDuplicateDetector(memory: RowMemory): DuplicateDetector {
  return (name, value, row, explainRepeated) => {
    const text = String(value);
    const firstLine = memory.firstLineWith(name, name === 'login' ? foldLogin(text) : text, row);
    if (firstLine === undefined) return undefined;
    const [where, first] = [row.line, firstLine].map((line) => lineText(line, row.lineLabel));
    const subject = capitalize(where!);
    if (name === 'login') {
      const message = `${subject} has the same login as ${first}, ${quoted(text)} (ignoring case and accents). Change one, or delete one of the rows.${explainRepeated?.(row, firstLine) ?? ''}`;
      return { code: 'login-repeated', message };
    }
    const message = `${subject} has the same ${name} as ${first}, ${quoted(text)}, but it must be unique. Change one.`;
    return { code: 'value-repeated', message };
  };
}
