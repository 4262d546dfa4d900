import { useRef, useState } from 'preact/hooks';

import type { ColumnsState, ColumnUse, ColumnView } from '../../api/columns.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { NextBar } from '../parts/next-bar.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { Screen } from '../parts/screen.js';
import { texts } from '../texts.js';
import { useAction } from '../use-action.js';
import { ColumnCard } from './column-card.js';
import { ColumnFilter, PageButtons, shownColumns, type Shown } from './column-filter.js';
import { MappingActions } from './mapping-actions.js';
import { labelOf, useLabel } from './use-labels.js';

const words = texts.columns;

export function ColumnsScreen() {
  const { store } = usePage();
  const columns = store.state.value?.columns;
  return (
    <Screen
      title={texts.steps.columns.title}
      intro={words.intro}
      actions={columns !== undefined && <MappingActions columns={columns} />}
    >
      {columns !== undefined && <Columns state={columns} />}
      <NextBar back="file" next="check" blockedBy={columns && blockedBy(columns)} />
    </Screen>
  );
}

function Columns({ state }: { readonly state: ColumnsState }) {
  const { api, announce } = usePage();
  const action = useAction();
  const list = useRef<HTMLUListElement>(null);
  const [shown, setShown] = useState<Shown>({ filter: 'all', search: '', page: 0 });
  const { columns, attributes, missing, problems, schemaProblem, fixedFields } = state;
  const { matching, page } = shownColumns(columns, shown);
  const undecided = countUndecided(columns);
  const send = ({ index, name }: ColumnView, use: ColumnUse) =>
    api.changeMapping({ kind: 'column', index, name, use });
  const change = async (column: ColumnView, use: ColumnUse): Promise<void> => {
    if (await action.run(() => send(column, use))) {
      announce(words.changed(column.name, useLabel(use, attributes)));
    }
  };
  const ignoreAll = async (): Promise<void> => {
    const isDone = await action.run(() => api.changeMapping({ kind: 'ignore-undecided' }));
    if (!isDone) return;
    announce(words.ignoredAll(undecided));
    // The button is gone.
    list.current?.focus({ preventScroll: true });
  };
  return (
    <>
      <ErrorNotice error={action.error} onDismiss={action.dismiss} />
      {schemaProblem !== undefined && <Notice {...schemaProblem} />}
      {missing.length > 0 && (
        <Notice
          severity="warning"
          message={words.missing(missing.map((path) => labelOf(path, attributes)))}
          hint={words.missingHint}
        />
      )}
      {problems.map(({ message }) => (
        <Notice key={message} severity="error" message={message} />
      ))}
      {undecided > 0 && (
        <Notice severity="info" message={words.undecided(undecided)}>
          <div class="button-row">
            <Button isBusy={action.isBusy} onClick={() => void ignoreAll()}>
              {words.ignoreAll(undecided)}
            </Button>
          </div>
        </Notice>
      )}
      <ColumnFilter columns={columns} shown={shown} onChange={setShown} isOrgSchema={state.isOrgSchema} />
      <ul ref={list} class="column-cards" tabIndex={-1} aria-label={words.show}>
        {page.map((column) => (
          <ColumnCard
            key={column.index}
            column={column}
            attributes={attributes}
            onUse={(use) => void change(column, use)}
            onOptions={(use) => send(column, use)}
          />
        ))}
      </ul>
      <PageButtons total={matching} shown={shown} onChange={setShown} />
      {fixedFields.length > 0 && (
        <section class="fixed-fields">
          <DataTable
            caption={words.fixedTitle}
            rows={fixedFields}
            keyOf={({ path }) => path}
            columns={[
              { head: words.placeholder, cell: ({ path }) => labelOf(path, attributes), isRowHead: true },
              { head: words.fixedTitle, cell: ({ text }) => <code>{text}</code> },
            ]}
          />
          <p class="soft">{words.fixedNote}</p>
        </section>
      )}
    </>
  );
}

function countUndecided(columns: readonly ColumnView[]): number {
  return columns.filter(({ use }) => use.kind === 'undecided').length;
}

function blockedBy({ columns, problems }: ColumnsState): string {
  return problems.length > 0 ? words.blockedProblems : words.blockedUndecided(countUndecided(columns));
}
