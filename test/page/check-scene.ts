import type { CheckState, EditResult, GridRow, RowsPage, RowsQuery } from '../../src/page/api/check.js';
import type { Reading } from '../../src/page/api/file.js';
import type { MappingFile } from '../../src/mapping/mapping-file.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { openNamedFile } from '../../src/page/file/file-routes.js';
import type { PageOrg } from '../../src/page/session.js';
import type { ColumnsStep } from '../../src/page/steps.js';

import { workplace } from '../helpers/workplace.js';
import { pageScene, type PageScene } from './page-client.js';

export interface CheckScene extends PageScene {
  /** The rows of a list, as the page gets them. */
  readonly rows: (query?: Partial<RowsQuery>) => Promise<RowsPage>;
  /** One row, whatever is wrong with it. */
  readonly row: (row: number) => Promise<GridRow>;
  readonly state: () => Promise<CheckState>;
  readonly edit: (
    ...edits: readonly (readonly [row: number, column: string, value: string])[]
  ) => Promise<EditResult>;
  readonly column: (name: string) => number;
}

/** A page with a file whose rows were checked. @param mapping - YAML; by default, columns are known by their names. */
export async function checkScene({
  content,
  name = 'people.csv',
  mapping,
  org,
  reading = {},
}: {
  readonly content: string | Uint8Array;
  readonly name?: string;
  readonly mapping?: string;
  readonly org?: PageOrg;
  readonly reading?: Reading;
}): Promise<CheckScene> {
  const at = workplace();
  const scene = await pageScene({ at, ...(org && { org }) });
  const { server, client } = scene;
  const { session } = server;
  await openNamedFile(session, `${at.folder}/${at.file(name, content)}`);
  if (Object.keys(reading).length > 0) await client.json('PUT', '/api/reading', reading);
  await session.replace('columns', columnsStep(mapping));
  await client.json('POST', '/api/check');
  await client.untilState(({ check }) => check !== undefined && check.status !== 'running');
  const state = async (): Promise<CheckState> => {
    const { check } = await client.state();
    if (check === undefined) throw new Error('There is no check.');
    return check;
  };
  const { header } = await state();
  const column = (wanted: string): number => {
    const index = header.indexOf(wanted);
    if (index === -1) throw new Error(`No column ${wanted}.`);
    return index;
  };
  const rows = (query: Partial<RowsQuery> = {}): Promise<RowsPage> => {
    const given = { show: 'all', offset: '0', limit: '500', ...query };
    const texts = Object.entries(given).map(([key, value]) => `${key}=${encodeURIComponent(value ?? '')}`);
    return client.json('GET', `/api/rows?${texts.join('&')}`);
  };
  return {
    ...scene,
    rows,
    state,
    column,
    async row(row) {
      const [found] = (await rows({ offset: row - 1, limit: 1 })).rows;
      if (found === undefined) throw new Error(`No row ${row}.`);
      return found;
    },
    edit: (...edits) =>
      client.json(
        'POST',
        '/api/edits',
        edits.map(([row, name_, value]) => ({ row, column: column(name_), value })),
      ),
  };
}

/** The step Columns with a mapping that is complete. */
export function columnsStep(mapping?: string): ColumnsStep {
  return {
    state: {
      columns: [],
      attributes: [],
      missing: [],
      problems: [],
      mappingName: undefined,
      losesComments: false,
      isOrgSchema: false,
      schemaProblem: undefined,
      fixedFields: [],
      yaml: mapping ?? '',
    },
    mappingFile: mapping === undefined ? BY_NAME : parseMappingFile(mapping, 'mapping.yaml'),
    close: async () => {},
  };
}

const BY_NAME: MappingFile = { fileName: 'mapping.yaml', fields: [], ignore: [], isOptional: true };

/** What is wrong with a row: `column: code`, sorted. */
export function codesOf(
  { problems }: Pick<GridRow, 'problems'>,
  header: readonly string[],
): readonly string[] {
  return problems.map(({ code, columns }) => `${header[columns[0] ?? -1] ?? ''}: ${code}`).toSorted();
}
