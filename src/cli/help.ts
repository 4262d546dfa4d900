import { COMMAND_GROUPS, type Command, type Example } from './command.js';
import { GROUPS, logFlags, type Flag, type Flags } from './flags.js';
import { wrap } from './wrap.js';

const PROGRAM = 'okta-csv-import';
/** Fits the smallest common terminals. */
const COLUMNS = 80;

const HELP_FLAG: Entry = ['  -h, --help', 'Show help'];
const VERSION = 'Show the version';

const EXAMPLES: readonly Example[] = [
  ['Try it: no account, no settings', 'import people.csv --sandbox'],
  ['What would happen in your org; writes nothing', 'validate people.csv --org'],
  ['All flags of a command', 'import --help'],
];

const EXIT_CODES =
  'Exit codes: 0 all rows succeeded; 1 some rows are invalid or failed; 2 bad usage, settings or file: ' +
  'nothing was sent; 3 stopped early (can be resumed); 4 another run is importing this file; ' +
  '130, 143 interrupted (can be resumed).';

/** The text in the left column, and its description. */
type Entry = readonly [left: string, text: string];

/** `--help` of the program. */
export function programHelp(commands: readonly Command[]): string {
  const lists = COMMAND_GROUPS.map((heading) => {
    const entries = commands
      .filter(({ group }) => group === heading)
      .map((command): Entry => [`  ${usageOf(command)}`, command.description]);
    return [heading, entries] as const;
  });
  return page([
    `${PROGRAM} <command>`,
    'Imports users from a CSV file into an Okta org.',
    examplesBlock(EXAMPLES),
    ...blocks([...lists, ...flagLists({ ...logFlags }, ['  -v, --version', VERSION])]),
    EXIT_CODES,
  ]);
}

/** `--help` of a command. */
export function commandHelp(command: Command): string {
  const { description, positional, examples, flags } = command;
  const argumentsList: readonly Entry[] =
    positional === undefined ? [] : [[`  ${positional.name}`, positional.describe]];
  return page([
    `${PROGRAM} ${usageOf(command)}${alternativeOf(command)}`,
    description,
    examplesBlock(examples),
    ...blocks([['Arguments', argumentsList], ...flagLists(flags, ['      --version', VERSION])]),
  ]);
}

export function usageOf({ name, positional }: Pick<Command, 'name' | 'positional'>): string {
  if (positional === undefined) return name;
  return positional.isOptional ? `${name} [${positional.name}]` : `${name} <${positional.name}>`;
}

/** The flag that can be given instead of the positional. */
function alternativeOf({ positional }: Command): string {
  const { flag, value } = positional?.alternative ?? {};
  return flag === undefined ? '' : ` | --${flag} <${value}>`;
}

function examplesBlock(examples: readonly Example[]): string {
  const lines = examples.flatMap(([title, command]) => [
    ...(title === '' ? [] : [`  # ${title}`]),
    `  ${PROGRAM} ${command}`,
  ]);
  return ['Examples:', ...lines].join('\n');
}

function flagLists(flags: Flags, versionFlag: Entry): (readonly [string, readonly Entry[]])[] {
  const lists = GROUPS.map((heading) => {
    const entries = Object.entries(flags).filter(([, { group }]) => group === heading);
    return [heading, entries.map(([name, flag]): Entry => [flagName(name, flag), flagText(flag)])] as const;
  });
  return [...lists, ['Help', [HELP_FLAG, versionFlag]]];
}

function flagName(name: string, { alias, value, type, default: byDefault }: Flag): string {
  const shown = type === 'boolean' && byDefault === true ? `no-${name}` : name;
  const placeholder = value === undefined ? '' : ` <${value}>`;
  if (name.length === 1) return `  -${name}${placeholder}`;
  return `${alias === undefined ? '      ' : `  -${alias}, `}--${shown}${placeholder}`;
}

function flagText({ describe, type, choices, default: byDefault }: Flag): string {
  const notes = [
    ...(choices === undefined ? [] : [choices.join('|')]),
    ...(type === 'boolean' || Array.isArray(byDefault) || byDefault === undefined
      ? []
      : [`default: ${byDefault}`]),
  ];
  return notes.length === 0 ? describe : `${describe} [${notes.join(', ')}]`;
}

/** Lists under their headings, all with the same left column; empty ones are left out. */
function blocks(lists: readonly (readonly [string, readonly Entry[]])[]): string[] {
  const width = Math.max(...lists.flatMap(([, entries]) => entries.map(([left]) => left.length))) + 2;
  return lists
    .filter(([, entries]) => entries.length > 0)
    .map(([heading, entries]) => {
      const lines = entries.map(([left, text]) => wrap(left.padEnd(width) + text, COLUMNS, width));
      return [`${heading}:`, ...lines].join('\n');
    });
}

function page(parts: readonly string[]): string {
  const [usage = '', ...rest] = parts;
  return `${[usage, ...rest.map((part) => (part.includes('\n') ? part : wrap(part, COLUMNS)))].join('\n\n')}\n`;
}
