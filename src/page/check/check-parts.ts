import type { Clock } from '../../clock.js';
import type { OpenOrg } from '../../jobs/job.js';
import type { MappingFile } from '../../mapping/mapping-file.js';
import type { OpenTable } from '../steps.js';

import { Checker } from './checker.js';
import { GridRows } from './grid-rows.js';
import { GroupNames } from './group-names.js';
import { ProblemStore } from './problem-store.js';
import { toStored } from './problem-view.js';
import { RowViews } from './row-views.js';
import type { Sheet } from './sheet.js';
import { createSuggestions } from './suggestions.js';

export interface CheckPartsOptions {
  readonly sheet: Sheet;
  readonly table: OpenTable;
  readonly mappingFile: MappingFile;
  /** Undefined offline. */
  readonly org: OpenOrg | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called for each row that was checked, after its problems were stored. */
  readonly onChecked: (row: number) => void;
}

/** The parts of the step Check, once the rows are read and their columns are known. */
export interface CheckParts {
  readonly sheet: Sheet;
  readonly checker: Checker;
  readonly store: ProblemStore;
  readonly grid: GridRows;
  readonly views: RowViews;
  /** Suggests group names for those that the org does not have. The groups are read once, and only when a row names an unknown one. */
  suggestGroups(): Promise<void>;
}

/** Reads the schema of the org, if there is one. @throws {ColumnsError} and what the client throws. */
export async function createCheckParts(options: CheckPartsOptions): Promise<CheckParts> {
  const { sheet, table, mappingFile, org, clock, signal, onChecked } = options;
  const store = new ProblemStore();
  const checker = await Checker.create({
    sheet,
    mappingFile,
    samples: table.samples,
    org,
    clock,
    signal,
    onChecked(checked) {
      groupNames?.take(checked);
      grid.judge(checked.completed);
      store.set(checked.row, toStored(checked, { sheet, grid, suggest }));
      onChecked(checked.row);
    },
  });
  const { checks, metadata } = checker;
  const { attributes, groupResolver } = metadata;
  const grid = new GridRows(sheet, store, checks.secretColumns);
  const suggest = createSuggestions({
    header: sheet.header,
    columnUses: checks.columnUses,
    mappingFile,
    attributes,
  });
  const groupNames = groupResolver && new GroupNames(groupResolver, signal);
  return {
    sheet,
    checker,
    store,
    grid,
    views: new RowViews(sheet, store, grid),
    suggestGroups: async () => groupNames?.suggest(store, sheet),
  };
}
