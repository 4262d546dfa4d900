/** How several names are written where one is expected. */
export type ListNotation =
  /** `Engineering, Support`, `Sales|Support` */
  | { readonly kind: 'separated'; readonly separators: readonly string[] }
  /** `['A','B']`, `{A,B}`: a list of another program. */
  | { readonly kind: 'brackets' }
  /** `CN=Engineering,OU=Groups,DC=example,DC=com`: an LDAP distinguished name. */
  | { readonly kind: 'distinguished-name' };

/** Separators of lists, except `;` and line breaks, which are split anyway, and those that are frequent in names. */
const SEPARATORS = [',', ';', '|', '\t', '、', '，', '；', '｜', '•', String.raw`\n`, '<br>'];

/**
 * The notation of a group name that is probably a list: a cell that was not split. An org may still have a group with such
 * a name; undefined for any other name.
 */
export function listNotationOf(name: string): ListNotation | undefined {
  if (!LIST_CHARACTERS.test(name)) return undefined;
  if (DISTINGUISHED_NAME.test(name)) return { kind: 'distinguished-name' };
  if (BRACKETED.test(name)) return { kind: 'brackets' };
  const separators = SEPARATORS.filter(
    (separator) => name.split(separator).filter((part) => /[\p{L}\p{N}]/u.test(part)).length > 1,
  );
  return separators.length === 0 ? undefined : { kind: 'separated', separators };
}

const LIST_CHARACTERS = /[,;|\t、，；｜•[\]{}=\\<]/;
const DISTINGUISHED_NAME = /^(?:CN|OU|UID|O|DC)=[^,]+(?:,\s*[A-Za-z]+=[^,]*)*$/i;
/** The whole name, or one end of a list that was split inside. */
const BRACKETED = /^\s*[[{].*[\]}]\s*$|^\s*[[{][^\]}]*$|^[^[{]*[\]}]\s*$|^\s*\(.*,.*\)\s*$/s;

/**
 * The line of a mapping file that splits such cells. Has no double quotes except around names of columns, and is the same
 * for all rows with the same notation.
 *
 * @param columns - that the groups come from; without any, the line names the column `groups`.
 */
export function groupsLine(columns: readonly string[], notation: ListNotation): string {
  const [column = 'groups'] = columns;
  switch (notation.kind) {
    case 'separated': {
      const [separator = ',', ...others] = notation.separators.map(inSingleQuotes);
      const split = others.length === 0 ? separator : `[${[separator, ...others].join(', ')}]`;
      const origin =
        columns.length > 1
          ? `columns: [${columns.map(inDoubleQuotes).join(', ')}]`
          : `column: ${inDoubleQuotes(column)}`;
      return `groups: { ${origin}, split: ${split} }`;
    }
    case 'brackets': {
      const removed = ['"["', '"]"', '"{"', '"}"', '"("', '")"', `"'"`, `'"'`];
      const cell = [cellOf(column), ...removed.map((character) => `remove: ${character}`)].join(' | ');
      return `groups: { template: ${inSingleQuotes(`{{ ${cell} }}`)}, split: ',' }`;
    }
    case 'distinguished-name': {
      const names = `{% assign names = ${cellOf(column)} | split: ";" %}`;
      const each = '{% for name in names %}{{ name | split: "," | first | split: "=" | last }};{% endfor %}';
      return `groups: { template: ${inSingleQuotes(names + each)}, split: ';' }`;
    }
    default:
      return notation satisfies never;
  }
}

function cellOf(column: string): string {
  return column.includes('"') ? `row['${column}']` : `row["${column}"]`;
}

/** As YAML. */
function inDoubleQuotes(text: string): string {
  return JSON.stringify(text);
}

function inSingleQuotes(text: string): string {
  return text === '\t' ? String.raw`"\t"` : `'${text.replaceAll("'", "''")}'`;
}

/** Recognizes names of groups that are unsplit lists, and says how to split the cells of a file. */
export class GroupLists {
  readonly #columns: readonly string[];
  /** Those of the file so far: one line of a mapping file is to split all of its cells. */
  readonly #separators = new Set<string>();

  /** @param columns - that the groups come from. */
  constructor(columns: readonly string[] = []) {
    this.#columns = columns;
  }

  /** The line of a mapping file that splits the list; undefined for a name that is probably one group. */
  lineFor(name: string): string | undefined {
    const notation = listNotationOf(name);
    if (notation?.kind !== 'separated') return notation && groupsLine(this.#columns, notation);
    for (const separator of notation.separators) this.#separators.add(separator);
    return groupsLine(this.#columns, { ...notation, separators: [...this.#separators] });
  }
}
