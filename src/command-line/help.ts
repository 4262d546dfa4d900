/**
 * The help of yargs in the order in which people read it, examples before the twenty flags, and without types where a
 * flag is only on or off.
 *
 * @param output - what yargs would print: help, but also a version or completions, which stay as they are.
 * @param groups - headings of flags, in their order.
 */
export function readableHelp(output: string, groups: readonly string[]): string {
  const blocks = output.replaceAll(TYPES_THAT_SAY_NOTHING, '').split('\n\n');
  const lists = blocks.filter((block) => headingOf(block) !== undefined);
  if (lists.length === 0) return output;
  const order = [EXAMPLES, ...blocks.map(headingOf).filter((it) => !groups.includes(it!)), ...groups];
  lists.sort((one, other) => order.indexOf(headingOf(one)) - order.indexOf(headingOf(other)));
  return blocks.map((block) => (headingOf(block) === undefined ? block : lists.shift())).join('\n\n');
}

const EXAMPLES = 'Examples:';

/** On a line of their own, or at the end of one. What a switch does when it is not given, its description says. */
const TYPES_THAT_SAY_NOTHING =
  /(?:\n *| +)(?:\[boolean\](?: \[default: \w+\])?|\[array\] \[default: \[\]\])$/gm;

function headingOf(block: string): string | undefined {
  return /^([A-Z][\w ]*:)\n {2}/.exec(block)?.[1];
}
