import { Lexer } from 'yaml';

import { parseMappingFile } from '../../mapping/mapping-file.js';
import { CanceledError } from '../../rows/cancellation.js';
import type { MappingChange } from '../api/columns.js';
import { PageRequestError, StepNotReadyError } from '../page-error.js';
import { json, type Route } from '../route.js';
import type { PageOrg, PageSession } from '../session.js';
import type { ColumnsStep, OpenTable } from '../steps.js';
import { waitAtMost } from '../wait-at-most.js';

import {
  chosen,
  loadedUses,
  recognizedUses,
  withUse,
  type ColumnUses,
  type TableColumns,
} from './column-uses.js';
import { buildColumns, knownAttributes } from './columns-state.js';
import { OFFLINE, readOrgAttributes, type OrgAttributes } from './org-attributes.js';
import { readChange } from './read-change.js';

/** What the person has made of a header. */
interface Work {
  readonly uses: ColumnUses;
  readonly mappingName: string | undefined;
  /** Of the mapping file that was loaded. */
  readonly losesComments: boolean;
}

const NOT_LOADED = { mappingName: undefined, losesComments: false } as const;

/** A slow org must not keep the columns from being shown: its attributes are added when they are known. */
const MAX_WAIT_MS = 3000;

export function columnsRoutes(session: PageSession, columns: Columns): readonly Route[] {
  session.on('file', () => columns.open());
  session.on('org', () => columns.readOrg());
  session.onClose(() => columns.close());
  return [
    {
      method: 'PUT',
      path: '/api/mapping',
      async handle({ body }) {
        await columns.change(readChange(body));
        return json(session.state);
      },
    },
    {
      method: 'GET',
      path: '/api/mapping.yaml',
      handle: () => ({
        kind: 'file',
        contentType: 'application/yaml; charset=utf-8',
        content: columns.step.state.yaml,
        downloadAs: downloadName(session.file?.table?.name ?? 'people'),
      }),
    },
  ];
}

/** `people.yaml` for `people.csv.gz`. */
function downloadName(fileName: string): string {
  return `${fileName.replace(/(?:\.(?:csv|txt|tsv|xlsx|gz))+$/i, '')}.yaml`;
}

/** The step Columns, for whatever table is open. */
export class Columns {
  readonly #session: PageSession;
  readonly #closing = new AbortController();
  #attributes: OrgAttributes = OFFLINE;
  #reading: Promise<void> | undefined;
  #readOrg: PageOrg | undefined;
  /** With whose attributes, known or still to come, the columns are shown. */
  #shownFor: PageOrg | undefined;
  /** By header, so that nothing is lost when the same table is read again. */
  readonly #works = new Map<string, Work>();

  constructor(session: PageSession) {
    this.#session = session;
  }

  async close(): Promise<void> {
    this.#closing.abort(new CanceledError('The page has ended.', 0));
  }

  /** @throws {StepNotReadyError} */
  get step(): ColumnsStep {
    const { columns } = this.#session;
    if (columns !== undefined) return columns;
    throw new StepNotReadyError('There are no columns yet.', { hint: 'Choose a file first.' });
  }

  /** Follows a file that was opened. */
  async open(): Promise<void> {
    const { table } = this.#session.file ?? {};
    if (table === undefined) return;
    await waitAtMost(MAX_WAIT_MS, this.readOrg());
    if (this.#session.file?.table?.header !== table.header) return;
    const before = this.#works.get(keyOf(table));
    await this.#show(table, before ?? { uses: recognizedUses(this.#columnsOf(table)), ...NOT_LOADED });
  }

  /** Reads the attributes of the org that is set now, and shows the columns with them. */
  readOrg(): Promise<void> {
    const { org } = this.#session;
    if (this.#readOrg === org && this.#reading !== undefined) return this.#reading;
    this.#readOrg = org;
    // Those of another org would be wrong until the new ones are known.
    this.#attributes = OFFLINE;
    this.#reading = this.#refresh(org);
    return this.#reading;
  }

  async #refresh(org: PageOrg): Promise<void> {
    const attributes = await readOrgAttributes(org, this.#closing.signal);
    if (this.#session.org !== org || this.#closing.signal.aborted) return;
    this.#attributes = attributes;
    // An org that did not respond may do so for the next file.
    if (attributes.problem !== undefined) this.#reading = undefined;
    const { table } = this.#session.file ?? {};
    if (table === undefined || this.#session.columns === undefined) return;
    const work = this.#works.get(keyOf(table));
    const shown = this.step;
    const isLate = this.#shownFor === org;
    this.#shownFor = org;
    if (work !== undefined && isLate && this.#session.check !== undefined) {
      // Someone who checks rows already has accepted the columns as they are: the mapping stays, and so does the check.
      this.#session.updateColumns({ ...this.#stepOf(table, work), mappingFile: shown.mappingFile });
      return;
    }
    const recognized = recognizedUses(this.#columnsOf(table));
    const uses = work === undefined ? recognized : keepChoices(work.uses, recognized);
    const next = { ...(work ?? NOT_LOADED), uses };
    const step = this.#stepOf(table, next);
    this.#works.set(keyOf(table), next);
    const isSame = shown.mappingFile !== undefined && shown.state.yaml === step.state.yaml;
    // With the same mapping, the step Check goes on: it checks its rows again in the new org.
    if (isSame && step.mappingFile !== undefined) this.#session.updateColumns(step);
    else await this.#session.replace('columns', step);
  }

  async change(change: MappingChange): Promise<void> {
    void this.step;
    const { table } = this.#session.file ?? {};
    if (table === undefined) return;
    const columns = this.#columnsOf(table);
    const before = this.#works.get(keyOf(table));
    const work = before ?? { uses: recognizedUses(columns), ...NOT_LOADED };
    await this.#show(table, this.#changed(change, work, columns));
  }

  #changed(change: MappingChange, { uses, ...loaded }: Work, columns: TableColumns): Work {
    switch (change.kind) {
      case 'column': {
        const { index, name, use } = change;
        if (columns.header[index] !== name) {
          throw new PageRequestError(`The file no longer has the column "${name}" at this place.`, {
            status: 409,
            hint: 'Another file was opened in another tab. This page shows it now.',
          });
        }
        return { ...loaded, uses: withUse(uses, columns.header, index, use) };
      }
      case 'ignore-undecided':
        return {
          ...loaded,
          uses: {
            ...uses,
            columns: uses.columns.map((each) =>
              each.use.kind === 'undecided'
                ? { ...chosen({ kind: 'ignore' }), candidates: each.candidates }
                : each,
            ),
          },
        };
      case 'load': {
        const { fileName, yaml } = change;
        return {
          mappingName: fileName,
          losesComments: hasComments(yaml),
          uses: loadedUses(parseMappingFile(yaml, fileName), columns),
        };
      }
      case 'reset':
        return { ...NOT_LOADED, uses: recognizedUses(columns) };
      default:
        return change satisfies never;
    }
  }

  #columnsOf({ header, samples }: OpenTable): TableColumns {
    return { header, samples, known: knownAttributes(this.#attributes.metadata) };
  }

  async #show(table: OpenTable, work: Work): Promise<void> {
    this.#works.set(keyOf(table), work);
    this.#shownFor = this.#session.org;
    await this.#session.replace('columns', this.#stepOf(table, work));
  }

  #stepOf({ header, columns, samples, name }: OpenTable, work: Work): ColumnsStep {
    const { metadata, problem } = this.#attributes;
    const { state, mappingFile } = buildColumns({
      fileName: name,
      header,
      columns,
      samples,
      metadata,
      ...work,
    });
    return { state: { ...state, schemaProblem: problem }, mappingFile, close: async () => {} };
  }
}

/** The first line of a mapping that was saved here does not count. */
function hasComments(yaml: string): boolean {
  return [...new Lexer().lex(yaml.replace(/^# Mapping for .*/, ''))].some((token) => token.startsWith('#'));
}

function keyOf({ header }: OpenTable): string {
  return JSON.stringify(header);
}

/** What the person chose stays; the rest is as the names of the columns say. */
function keepChoices(uses: ColumnUses, recognized: ColumnUses): ColumnUses {
  if (!uses.columns.some(({ confidence }) => confidence === 'chosen')) return recognized;
  const columns = uses.columns.map((each, index) =>
    each.use.kind === 'undecided' ? (recognized.columns[index] ?? each) : each,
  );
  return { ...uses, columns };
}
