import type { Mapping } from '../../mapping/mapping.js';
import { nameOf } from '../../mapping/match-header.js';
import { dateFormatOf } from '../../mapping/suggest-mapping.js';
import { looksSecret } from '../../mapping/secret-columns.js';
import { toUserRequest, type MappedRow } from '../../mapping/user-request.js';
import type { ProfileValue } from '../../okta/types.js';
import type { ColumnUse, ColumnView } from '../api/columns.js';
import { MASKED, shorten } from '../file/file-state.js';

const MAX_SAMPLES = 3;

type SampleView = Pick<ColumnView, 'samples' | 'sampleProblem' | 'dateFormat'>;

/**
 * Shows some values of a column, and what would be sent of each.
 *
 * @param mapping - undefined while it has problems.
 * @param secret - indexes of the columns whose cells are masked.
 */
export function createSampler({
  header,
  samples,
  mapping,
  secret,
}: {
  readonly header: readonly string[];
  readonly samples: readonly (readonly string[])[];
  readonly mapping: Mapping | undefined;
  readonly secret: ReadonlySet<number>;
}): (index: number, use: ColumnUse) => SampleView {
  // The person may have chosen another row than the header.
  const belowNames = new Set(
    samples.flatMap((cells) => [...cells.keys()].filter((index) => looksSecret(cells[index] ?? ''))),
  );
  const isHidden = (index: number): boolean => secret.has(index) || belowNames.has(index);
  const hasSecrets = secret.size > 0 || belowNames.size > 0;
  // In a row of another length, a secret may be in any column.
  const rows = hasSecrets ? samples.filter(({ length }) => length === header.length) : samples;
  const mapped =
    mapping && rows.map((cells, at) => toUserRequest({ row: at + 1, line: at + 1, cells }, mapping));
  const problems = new Map<string, string>();
  for (const row of mapped ?? []) {
    for (const { column, message } of [...row.problems, ...(row.warnings ?? [])]) {
      if (column !== undefined && !problems.has(column)) problems.set(column, message);
    }
  }
  return (index, use) => {
    const cells = rows.map((row) => (row[index] ?? '').trim());
    const shown = firstDifferent(cells);
    if (isHidden(index)) {
      const samplesOf = shown.map(() => ({ text: MASKED, sent: undefined }));
      return { samples: samplesOf, sampleProblem: undefined, dateFormat: undefined };
    }
    return {
      samples: shown.map((at) => {
        const row = mapped?.[at];
        const sent = row === undefined ? undefined : sentOf(row, use);
        return { text: shorten(cells[at] ?? ''), sent: sent === undefined ? undefined : shorten(sent) };
      }),
      sampleProblem: use.kind === 'ignore' ? undefined : problems.get(header[index] ?? ''),
      dateFormat: dateFormatOf(cells),
    };
  };
}

/** Positions of the first cells that differ and are not empty. */
function firstDifferent(cells: readonly string[]): readonly number[] {
  const seen = new Set(['']);
  const shown: number[] = [];
  for (const [at, cell] of cells.entries()) {
    if (seen.has(cell)) continue;
    seen.add(cell);
    shown.push(at);
    if (shown.length === MAX_SAMPLES) break;
  }
  return shown;
}

function sentOf(
  { request: { profile }, groups, type, realm, dates }: MappedRow,
  use: ColumnUse,
): string | undefined {
  if (use.kind === 'full-name') {
    return [profile['firstName'], profile['lastName']]
      .map(textOf)
      .filter((part) => part !== '')
      .join(' · ');
  }
  if (use.kind !== 'attribute') return undefined;
  switch (use.path) {
    case 'groupIds':
      return groups.join(' · ');
    case 'start':
    case 'end':
      return dates?.[use.path] ?? '';
    case 'type.id':
      return type ?? '';
    case 'realmId':
      return realm ?? '';
    default:
      return use.path.startsWith('profile.') ? textOf(profile[nameOf(use.path)]) : undefined;
  }
}

function textOf(value: ProfileValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? value.join(' · ') : String(value);
}
