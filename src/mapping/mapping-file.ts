import { OktaImportError } from '../errors.js';
import { readYaml, type YamlProblem, type YamlValue } from '../yaml-document.js';
import { readAttribute, readField } from './mapping-file-fields.js';
import { readColumn } from './mapping-file-source.js';
import type { FieldMapping } from './value-source.js';

/** Which column feeds which field of Okta's request body, and which columns to ignore. */
export interface MappingFile {
  /** For messages. */
  readonly fileName: string;
  readonly fields: readonly FieldMapping[];
  readonly ignore: readonly IgnoredColumn[];
  /** A file need not have all of its columns: see `bindToHeader`. */
  readonly isOptional: boolean;
  /** Decides which day it is for `start` and `end`: a name of the IANA database such as `Europe/Berlin`. */
  readonly timeZone?: string | undefined;
  /** The file itself. Holds no secret: those come from columns. */
  readonly text?: string | undefined;
}

interface IgnoredColumn {
  readonly column: string;
  readonly line: number;
}

/** The mapping file cannot be used. The message lists every problem with its line. */
export class MappingFileError extends OktaImportError {
  override readonly code = 'ERR_MAPPING_FILE';
  /** In the order of the file. */
  readonly problems: readonly YamlProblem[];

  constructor(fileName: string, problems: readonly YamlProblem[]) {
    super(problems.map(({ line, message }) => `${fileName}:${line}: ${message}`).join('\n'), {
      hint: `Correct ${fileName}. docs/mapping.md describes its keys.`,
    });
    this.problems = problems;
  }
}

/**
 * Reads a mapping file.
 *
 * @param fileName - For messages only.
 * @throws {MappingFileError} Invalid YAML, unknown keys or wrong values: all of them at once.
 * @see docs/mapping.md, "Mapping files"
 */
export function parseMappingFile(text: string, fileName: string): MappingFile {
  const { root, problems } = readYaml(text, 'the mapping file');
  // What a parser makes of broken YAML is a guess: only its own errors are reported.
  const content = problems.length > 0 ? undefined : readContent(root);
  if (content?.fields.length === 0 && problems.length === 0) {
    root.report('The file maps nothing. Add a profile with at least one attribute.');
  }
  if (content === undefined || problems.length > 0) {
    const inOrder = problems.toSorted((a, b) => a.line - b.line);
    throw new MappingFileError(fileName, inOrder);
  }
  return { fileName, text, ...content };
}

function readContent(root: YamlValue): Omit<MappingFile, 'fileName' | 'text'> {
  const fields: FieldMapping[] = [];
  const ignore: IgnoredColumn[] = [];
  let isOptional = false;
  let timeZone: string | undefined;
  const sections = root.entries([
    'profile',
    'credentials',
    'password',
    'groups',
    'type',
    'realm',
    'realmId',
    'start',
    'end',
    'timeZone',
    'ignore',
    'optional',
  ]);
  if (sections.some(({ key }) => key === 'realm')) {
    const other = sections.find(({ key }) => key === 'realmId');
    other?.report('realm and realmId mean the same. Remove one of them.');
  }
  const credentials = sections.find(({ key }) => key === 'credentials');
  if (credentials?.isMap === true && sections.some(({ key }) => key === 'password')) {
    const other = credentials.entries().find(({ key }) => key === 'password');
    other?.report('password is given twice. Remove one of them.');
  }
  for (const section of sections) {
    switch (section.key) {
      case 'profile':
        fields.push(...section.entries().flatMap(readAttribute));
        break;
      case 'ignore':
        for (const item of section.items()) {
          const column = readColumn(item);
          if (column !== undefined) ignore.push({ column, line: item.line });
        }
        break;
      case 'timeZone':
        timeZone = readTimeZone(section);
        break;
      case 'optional':
        isOptional = section.scalar === true;
        if (typeof section.scalar !== 'boolean') {
          section.report('optional must be true or false.');
        }
        break;
      case 'password':
        fields.push(...readField(section, ['credentials']));
        break;
      default:
        fields.push(...readField(section));
    }
  }
  return { fields, ignore, isOptional, timeZone };
}

function readTimeZone(section: YamlValue): string | undefined {
  const { scalar } = section;
  try {
    if (typeof scalar !== 'string') throw new RangeError();
    return new Intl.DateTimeFormat('en', { timeZone: scalar }).resolvedOptions().timeZone;
  } catch {
    return section.report('timeZone must be a time zone such as Europe/Berlin.');
  }
}
