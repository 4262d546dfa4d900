import { OktaImportError } from '../errors.js';
import { readPackagedFile } from '../packaged-file.js';
import { didYouMean } from '../text.js';
import { parseMappingFile, type MappingFile } from './mapping-file.js';
import { columnsOf } from './value-source.js';

/** What `--mapping preset:<name>` takes. Each is a mapping file in `presets/` for the export of a known product. */
export const presetNames: readonly string[] = ['okta', 'google', 'entra', 'bamboohr', 'workday'];

export class UnknownPresetError extends OktaImportError {
  override readonly code = 'ERR_UNKNOWN_PRESET';

  constructor(name: string) {
    super(`Unknown preset "${name}".${didYouMean(name, presetNames)}`, {
      hint: `Use ${presetNames.map((known) => `preset:${known}`).join(', ')}, or the path of a mapping file.`,
    });
  }
}

/**
 * Reads a mapping that ships with the program.
 *
 * @throws {UnknownPresetError}
 */
export function readPreset(name: string): MappingFile {
  const key = name.trim().toLowerCase();
  if (!presetNames.includes(key)) throw new UnknownPresetError(name);
  return parseMappingFile(readPackagedFile(`src/mapping/presets/${key}.yaml`), `preset:${key}`);
}

/**
 * The preset that fits a header: it knows nearly all of the columns, and one of them is in no other preset. Undefined for
 * none. Okta's own names need no preset.
 */
export function presetFor(header: readonly string[]): string | undefined {
  const columns = header.map((column) => column.trim().toLowerCase());
  const known = new Map(presetNames.map((name) => [name, columnsNamedBy(name)]));
  const isOnly = (name: string, column: string): boolean =>
    [...known].every(([other, names]) => names.has(column) === (other === name));
  return presetNames.find((name) => {
    const own = columns.filter((column) => known.get(name)?.has(column));
    return (
      name !== 'okta' &&
      own.length >= columns.length * SURE_SHARE &&
      own.some((column) => isOnly(name, column))
    );
  });
}

const SURE_SHARE = 0.8;

/** Every column that a preset names, in lower case. */
function columnsNamedBy(preset: string): ReadonlySet<string> {
  const { fields, ignore } = readPreset(preset);
  const mapped = fields.flatMap(({ source }) => [
    ...columnsOf(source),
    ...(source.kind === 'column' ? (source.orElse ?? []) : []),
  ]);
  return new Set([...mapped, ...ignore.map(({ column }) => column)].map((column) => column.toLowerCase()));
}
