import { useEffect, useId, useState } from 'preact/hooks';

import type { PlannedRow, PlannedRowsPage, PlanState } from '../../api/plan.js';
import { usePage } from '../page-context.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { RadioGroup } from '../parts/choice.js';
import { DataTable } from '../parts/data-table.js';
import { TextField } from '../parts/field.js';
import { ErrorNotice } from '../parts/notice.js';
import type { RequestError } from '../request-error.js';
import { planTexts } from '../texts/plan.js';
import { lineLabel, lineText } from '../texts/lines.js';
import { numberText } from '../texts/numbers.js';
import { planStatusText } from '../texts/status.js';
import { toRequestError } from '../use-action.js';

const words = planTexts.rows;
const PAGE = 100;
const MAX_ROWS = 500;
const ALL = 'all';

/** The rows of the plan with old and new values, to be unticked one by one. */
export function PlannedRows({ plan }: { readonly plan: PlanState }) {
  const { api, store } = usePage();
  const isWorkbook = store.state.value?.file?.found.kind === 'workbook';
  const [status, setStatus] = useState<string>(ALL);
  const [search, setSearch] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const [page, setPage] = useState<PlannedRowsPage>();
  const [error, setError] = useState<RequestError>();
  const [changes, setChanges] = useState(0);
  const shownStatus = status in plan.counts ? status : ALL;

  useEffect(() => {
    let isCurrent = true;
    const query = { status: shownStatus === ALL ? undefined : shownStatus, search: search || undefined };
    api.readPlannedRows({ ...query, offset: 0, limit }).then(
      (found) => {
        if (!isCurrent) return;
        setPage(found);
        setError(undefined);
      },
      (thrown: unknown) => {
        if (isCurrent) setError(toRequestError(thrown));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [shownStatus, search, limit, plan.status, plan.checkedRows, changes]);

  return (
    <div class="stack">
      <h2>{words.title}</h2>
      <div class="plan-filter">
        <RadioGroup
          look="segments"
          legend={words.show}
          value={shownStatus}
          choices={[
            { value: ALL, label: words.all(plan.checkedRows) },
            ...Object.entries(plan.counts).map(([value, count]) => ({
              value,
              label: words.filter(planStatusText(value).label, count),
            })),
          ]}
          onChange={(value) => {
            setStatus(value);
            setLimit(PAGE);
          }}
        />
        <TextField label={words.search} type="search" value={search} onInput={setSearch} />
      </div>
      <ErrorNotice error={error} />
      {page?.total === 0 && <p class="soft">{words.none}</p>}
      {page !== undefined && page.rows.length > 0 && (
        <DataTable
          caption={words.title}
          isCaptionHidden
          rows={page.rows}
          keyOf={({ row }) => row}
          columns={[
            {
              head: words.include,
              cell: (row) => (
                <Tick
                  row={row}
                  isWorkbook={isWorkbook}
                  onError={setError}
                  onChanged={() => setChanges((count) => count + 1)}
                />
              ),
            },
            { head: lineLabel(isWorkbook), isNumber: true, cell: ({ line }) => numberText(line) },
            { head: words.person, isRowHead: true, cell: (row) => <Person row={row} /> },
            { head: words.status, cell: (row) => <Status row={row} /> },
            { head: words.details, cell: (row) => <Details row={row} /> },
          ]}
        />
      )}
      {page !== undefined && page.total > page.rows.length && limit < MAX_ROWS && (
        <div class="button-row">
          <Button onClick={() => setLimit(limit + PAGE)}>{words.more}</Button>
          <span class="soft">
            {numberText(page.rows.length)} / {numberText(page.total)}
          </span>
        </div>
      )}
    </div>
  );
}

function Tick({
  row,
  isWorkbook,
  onError,
  onChanged,
}: {
  readonly row: PlannedRow;
  readonly isWorkbook: boolean;
  readonly onError: (error: RequestError) => void;
  readonly onChanged: () => void;
}) {
  const { api, store } = usePage();
  const id = useId();
  const [isTicked, setTicked] = useState(!row.isExcluded);
  useEffect(() => setTicked(!row.isExcluded), [row.isExcluded]);
  const change = async (isExcluded: boolean): Promise<void> => {
    setTicked(!isExcluded);
    try {
      const { check } = await api.exclude({ rows: [row.row], isExcluded });
      store.check.value = check;
      onChanged();
    } catch (thrown) {
      setTicked(isExcluded);
      onError(toRequestError(thrown));
    }
  };
  return (
    <span class="tick">
      <input
        id={id}
        type="checkbox"
        checked={isTicked}
        onChange={(event) => void change(!event.currentTarget.checked)}
      />
      <label for={id} class="unseen">
        {words.includeRow(lineText(isWorkbook, row.line), row.login)}
      </label>
    </span>
  );
}

function Person({ row: { name, login } }: { readonly row: PlannedRow }) {
  return (
    <div class="run-what">
      {name !== '' && <bdi>{name}</bdi>}
      <bdi class={name === '' ? undefined : 'soft'}>{login}</bdi>
    </div>
  );
}

function Status({ row: { status, isExcluded } }: { readonly row: PlannedRow }) {
  const { label, tone } = planStatusText(isExcluded ? 'not-attempted' : status);
  return <Badge tone={tone}>{label}</Badge>;
}

function Details({ row }: { readonly row: PlannedRow }) {
  const { changes, message, isExcluded } = row;
  if (isExcluded) return <span class="soft">{words.unticked}</span>;
  if (changes.length === 0) return <span dir="auto">{message}</span>;
  return (
    <dl class="changes">
      {changes.map(({ attribute, from, to }) => (
        <div key={attribute}>
          <dt>{attribute}</dt>
          <dd>
            <del dir="auto">{from === '' ? words.empty : from}</del>
            <span aria-hidden="true"> → </span>
            <ins dir="auto">{to === '' ? words.empty : to}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
