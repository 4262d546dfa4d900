import { wrap } from './wrap.js';

/** What the oldest terminals show. */
const COLUMNS = 80;

/**
 * The help of yargs in the order in which people read it, examples before the twenty flags, without types where a flag is only on
 * or off, and in 80 columns.
 *
 * @param output - what yargs would print, not wrapped: help, but also a version or completions, which stay as they are.
 * @param groups - headings of flags, in their order.
 */
export function readableHelp(output: string, groups: readonly string[]): string {
  const blocks = output.replaceAll(TYPES_THAT_SAY_NOTHING, '').split('\n\n');
  const lists = blocks.filter((block) => headingOf(block) !== undefined);
  if (lists.length === 0) return output;
  const order = [EXAMPLES, ...blocks.map(headingOf).filter((it) => !groups.includes(it!)), ...groups];
  lists.sort((one, other) => order.indexOf(headingOf(one)) - order.indexOf(headingOf(other)));
  const sorted = blocks.map((block) => (headingOf(block) === undefined ? block : lists.shift()));
  return sorted.join('\n\n').split('\n').map(wrapped).join('\n');
}

/** What a name is followed by stands in a column of its own. Commands, in their list, go without the program's name. */
function wrapped(line: string): string {
  const short = line.replace(/^ {2}okta-csv-import (?=.* {2,}\S)/, '  ');
  const column = /^ +\S.*? {2,}(?=\S)/.exec(short)?.[0].length;
  return wrap(short, COLUMNS, column);
}

const EXAMPLES = 'Examples:';

/** What a switch does when it is not given, its description says. */
const TYPES_THAT_SAY_NOTHING = / +(?:\[boolean\](?: \[default: \w+\])?|\[array\] \[default: \[\]\])$/gm;

function headingOf(block: string): string | undefined {
  return /^([A-Z][\w ]*:)\n {2}/.exec(block)?.[1];
}
