import { useEffect, useId, useMemo, useState } from 'preact/hooks';

import type { CheckState } from '../../api/check.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { Empty } from '../parts/empty.js';
import { NextBar } from '../parts/next-bar.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { Progress } from '../parts/progress.js';
import { Screen } from '../parts/screen.js';
import { texts } from '../texts.js';
import { useAction } from '../use-action.js';
import { createCheckModel } from './check-model.js';
import { DetailPanel } from './detail-panel.js';
import { FixDialog } from './fix-dialog.js';
import { Grid } from './grid.js';
import { GridToolbar } from './grid-toolbar.js';
import { ProblemGroups, type GroupFix } from './problem-groups.js';
import { ReplaceDialog } from './replace-dialog.js';

const words = texts.check;

export function CheckScreen() {
  const page = usePage();
  const { store, api } = page;
  const check = store.check.value;
  const action = useAction();
  const status = check?.status;
  useEffect(() => {
    if (status === undefined) void action.run(() => api.startCheck());
  }, [status === undefined]);
  const [wasRunning, setWasRunning] = useState(false);
  useEffect(() => {
    if (status === 'running') setWasRunning(true);
    if (status === 'ready' && wasRunning) page.announce(words.done(check?.problemRows ?? 0));
  }, [status]);
  const isShown = check !== undefined && check.status !== 'running' && check.checkedRows > 0;
  return (
    <Screen title={texts.steps.check.title} intro={words.intro}>
      <ErrorNotice error={action.error} />
      {check?.problem !== undefined && (
        <Notice {...check.problem}>
          <div class="button-row">
            <Button isBusy={action.isBusy} onClick={() => void action.run(() => api.startCheck())}>
              {words.retry}
            </Button>
          </div>
        </Notice>
      )}
      {(check === undefined || status === 'running') && action.error === undefined && (
        <div class="card">
          <Progress
            label={words.reading}
            value={check?.checkedRows || undefined}
            max={check?.rows || undefined}
          >
            {check !== undefined && words.progress(check.checkedRows, check.rows)}
          </Progress>
          {check?.wait !== undefined && <p class="wait-line">{check.wait}</p>}
        </div>
      )}
      {status === 'ready' && check?.rows === 0 && <Empty title={words.empty}>{words.emptyHint}</Empty>}
      {isShown && <CheckedRows check={check} />}
      <NextBar back="columns" next="plan" blockedBy={words.blocked} />
    </Screen>
  );
}

function CheckedRows({ check }: { readonly check: CheckState }) {
  const page = usePage();
  const id = useId();
  const model = useMemo(() => createCheckModel(page, check), []);
  const [dialog, setDialog] = useState<
    { readonly kind: 'replace' } | ({ readonly kind: 'fix' } & GroupFix)
  >();
  useEffect(() => model.follow(check), [check]);
  const { filter, total, error } = model;
  const close = (): void => setDialog(undefined);
  const onKeyDown = (event: KeyboardEvent): void => {
    const isCommand = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const isInField =
      event.target instanceof Element && event.target.closest('input, textarea, select, dialog') !== null;
    if (event.key === 'F8') {
      event.preventDefault();
      void model.goToProblem(event.shiftKey ? -1 : 1);
    } else if (isCommand && !isInField && (key === 'z' || key === 'y')) {
      event.preventDefault();
      void (key === 'y' || event.shiftKey ? model.redo() : model.undo());
    }
  };
  const { show, search, group } = filter.value;
  return (
    <div class="check" onKeyDown={onKeyDown}>
      <p class="check-summary">
        {words.ready(check.validRows, check.rows - check.excludedRows)}{' '}
        {check.excludedRows > 0 && `${words.leftOut(check.excludedRows)} `}
        {check.isOnline ? words.online : words.offline}
      </p>
      <ErrorNotice
        error={error.value}
        onDismiss={() => {
          error.value = undefined;
        }}
      />
      <GridToolbar model={model} onReplace={() => setDialog({ kind: 'replace' })} />
      <div class="check-columns">
        <div class="check-main">
          {total.value === 0 ? (
            <p class="check-none">
              {search === '' && group === undefined ? words.noRows[show] : words.notFound}
            </p>
          ) : (
            <Grid model={model} describedBy={`${id}-keys`} detailId={`${id}-detail`} />
          )}
          <p id={`${id}-keys`} class="soft check-keys">
            {words.keys}
          </p>
        </div>
        <div class="check-side">
          {total.value !== 0 && <DetailPanel model={model} id={`${id}-detail`} />}
          <ProblemGroups model={model} onFix={(fix) => setDialog({ kind: 'fix', ...fix })} />
        </div>
      </div>
      {dialog?.kind === 'replace' && <ReplaceDialog model={model} onClose={close} />}
      {dialog?.kind === 'fix' && (
        <FixDialog
          model={model}
          title={`${dialog.label}: ${dialog.group.title}`}
          fix={{ kind: 'group', group: dialog.group.id, fix: dialog.fix }}
          onClose={close}
        />
      )}
    </div>
  );
}
