import { OktaImportError } from '../errors.js';
import { readFields } from './mapping-file-keys.js';
import type { FieldMapping } from './value-source.js';
import { readYaml, type YamlProblem } from './yaml-reader.js';

/** What a mapping file says: which column feeds which value of Okta's body, and which columns to ignore. */
export interface MappingFile {
  /** For messages, as the admin gave it. */
  readonly fileName: string;
  readonly fields: readonly FieldMapping[];
  readonly ignore: readonly IgnoredColumn[];
  /** Columns that it names may be missing from a file: see `bindToHeader`. */
  readonly isOptional: boolean;
}

interface IgnoredColumn {
  readonly column: string;
  readonly line: number;
}

/** The mapping file cannot be used as it stands. The message names every wrong key with its line. */
export class MappingFileError extends OktaImportError {
  override readonly code = 'ERR_MAPPING_FILE';
  /** In the order of the file. */
  readonly problems: readonly YamlProblem[];

  constructor(fileName: string, problems: readonly YamlProblem[]) {
    super(problems.map(({ line, message }) => `${fileName}:${line}: ${message}`).join('\n'), {
      hint: `Mend ${fileName}; the README describes its keys.`,
    });
    this.problems = problems;
  }
}

/**
 * Reads a mapping file.
 *
 * @param fileName - For messages only.
 * @throws {MappingFileError} YAML that cannot be read, or keys and values that mean nothing: all of them at once.
 * @see design.md, "The mapping file"
 */
export function parseMappingFile(text: string, fileName: string): MappingFile {
  const yaml = readYaml(text);
  // What a parser makes of broken YAML is guesswork: its own errors first, alone.
  const isBroken = yaml.problems.length > 0;
  const read = isBroken ? { fields: [], ignore: [], isOptional: false } : readFields(yaml);
  if (yaml.problems.length > 0) {
    throw new MappingFileError(
      fileName,
      [...yaml.problems].sort((a, b) => a.line - b.line),
    );
  }
  return { fileName, ...read };
}
