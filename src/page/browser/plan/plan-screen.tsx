import { useEffect, useRef, useState } from 'preact/hooks';

import type { PlanOptions, PlanState } from '../../api/plan.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { Command } from '../parts/command.js';
import { FoldedList } from '../parts/folded-list.js';
import { NextBar } from '../parts/next-bar.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { Progress } from '../parts/progress.js';
import { Screen } from '../parts/screen.js';
import { Stats, type Stat } from '../parts/stats.js';
import { texts } from '../texts.js';
import { planTexts as words } from '../texts/plan.js';
import { numberText } from '../texts/numbers.js';
import { planStatusText } from '../texts/status.js';
import { useAction } from '../use-action.js';
import { ConfirmImport } from './confirm-import.js';
import { DEFAULT_OPTIONS, OptionsForm } from './plan-options.js';
import { PlannedRows } from './planned-rows.js';

/** What an import would do, and the button that does it. */
export function PlanScreen() {
  const page = usePage();
  const { api, store } = page;
  const plan = store.plan.value;
  const org = store.state.value?.org;
  const request = useAction();
  const [isConfirming, setConfirming] = useState(false);
  // Shown at once; the plan follows.
  const [chosen, setChosen] = useState<PlanOptions>();
  const start = (options: PlanOptions): void => {
    setChosen(options);
    void request.run(() => api.startPlan(options));
  };

  const isChecking = store.check.value?.status === 'running';
  // Edits of Check do not send the whole state: the plan may be outdated without this page knowing.
  useEffect(() => {
    void api.readState().then(
      (state) => {
        store.accept(state);
        const { status } = state.plan ?? {};
        const isMissing = status === undefined || status === 'outdated' || status === 'failed';
        const isIdle =
          (state.run === undefined || state.run.status === 'ended') && state.check?.status !== 'running';
        if (isMissing && isIdle && state.org.kind !== 'none') start(state.planOptions ?? DEFAULT_OPTIONS);
      },
      // The banner says that the program does not respond.
      () => undefined,
    );
  }, [isChecking]);
  const wasRunning = useRef(false);
  useEffect(() => {
    const isRunning = plan?.status === 'running';
    if (wasRunning.current && plan?.status === 'ready') page.announce(words.ready(plan.checkedRows));
    wasRunning.current = isRunning;
  }, [plan?.status]);

  const isSandbox = org?.kind === 'sandbox';
  const writes = plan === undefined ? 0 : writesOf(plan);
  const options = chosen ?? store.state.value?.planOptions ?? DEFAULT_OPTIONS;
  return (
    <Screen title={texts.steps.plan.title} intro={words.intro}>
      <div class="plan">
        <div class="stack">
          <ErrorNotice error={request.error} />
          {isChecking && <Progress label={words.checking} value={undefined} max={undefined} />}
          {plan !== undefined && <PlanNotices plan={plan} onAgain={() => start(options)} />}
          {plan !== undefined && <Tiles plan={plan} isSandbox={isSandbox} />}
          {plan !== undefined && (
            <FoldedList title={words.warnings(plan.warnings.length)} lines={plan.warnings} />
          )}
        </div>
        <OptionsForm options={options} isSandbox={isSandbox} onChange={start} />
        <div class="stack">
          {plan !== undefined && plan.checkedRows > 0 && <PlannedRows plan={plan} />}
          {plan !== undefined &&
            (plan.command === undefined ? (
              <p class="soft">{words.noCommand}</p>
            ) : (
              <Command label={words.command} text={plan.command} />
            ))}
        </div>
      </div>
      <NextBar back="check">
        <Button
          kind="primary"
          disabled={plan?.status !== 'ready' || writes === 0}
          aria-haspopup="dialog"
          onClick={() => setConfirming(true)}
        >
          {plan?.status === 'ready' && writes === 0 ? words.nothing : words.import(writes)}
        </Button>
      </NextBar>
      {isConfirming && plan !== undefined && org !== undefined && (
        <ConfirmImport plan={plan} org={org} onClose={() => setConfirming(false)} />
      )}
    </Screen>
  );
}

function writesOf({ counts }: PlanState): number {
  return (counts['would-create'] ?? 0) + (counts['would-update'] ?? 0);
}

function PlanNotices({ plan, onAgain }: { readonly plan: PlanState; readonly onAgain: () => void }) {
  const again = (
    <div class="button-row">
      <Button onClick={onAgain}>{words.again}</Button>
    </div>
  );
  switch (plan.status) {
    case 'running':
      return (
        <>
          <Progress label={words.running} value={plan.checkedRows} max={plan.rows}>
            {words.checked(plan.checkedRows, plan.rows)}
          </Progress>
          {plan.wait !== undefined && <p class="wait-line">{plan.wait}</p>}
        </>
      );
    case 'failed':
      return (
        <Notice severity="error" message={plan.problem?.message ?? ''} hint={plan.problem?.hint}>
          {again}
        </Notice>
      );
    case 'outdated':
      return (
        <Notice severity="warning" {...words.outdated}>
          {again}
        </Notice>
      );
    case 'ready':
      return null;
    default:
      return plan.status satisfies never;
  }
}

function Tiles({ plan, isSandbox }: { readonly plan: PlanState; readonly isSandbox: boolean }) {
  const { counts, mails, groupsToCreate, minutes, requests, startLater, status } = plan;
  const tiles: Stat[] = Object.entries(counts).map(([name, count]) => {
    const { label, tone } = planStatusText(name);
    return {
      label,
      value: numberText(count),
      tone: tone === 'bad' ? tone : undefined,
      note: name === 'would-create' && startLater > 0 ? words.tiles.startLater(startLater) : undefined,
    };
  });
  if (status === 'running' || status === 'failed') return tiles.length === 0 ? null : <Stats stats={tiles} />;
  return (
    <Stats
      stats={[
        ...tiles,
        {
          label: words.tiles.mails,
          value: numberText(mails.count),
          note:
            mails.count === 0 ? undefined : isSandbox ? (
              words.tiles.mailsInSandbox
            ) : (
              <bdi>{words.tiles.domains(mails.domains)}</bdi>
            ),
        },
        ...(groupsToCreate.length === 0
          ? []
          : [
              {
                label: words.tiles.groups,
                value: numberText(groupsToCreate.length),
                note: <bdi>{groupsToCreate.slice(0, 10).join(', ')}</bdi>,
              },
            ]),
        {
          label: words.tiles.time,
          value:
            minutes === undefined
              ? words.tiles.unknown
              : minutes === 0
                ? words.tiles.short
                : words.tiles.minutes(minutes),
          note: requests === undefined ? undefined : words.tiles.requests(requests, minutes !== undefined),
        },
      ]}
    />
  );
}
