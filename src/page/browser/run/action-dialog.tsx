import { useEffect, useState } from 'preact/hooks';

import type { ActionOptions, ActionPlan, RunAction } from '../../api/run.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { Command } from '../parts/command.js';
import { Dialog } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { Progress } from '../parts/progress.js';
import type { RequestError } from '../request-error.js';
import { actionDialogTexts as words, actionTexts } from '../texts/run.js';
import { toRequestError, useAction } from '../use-action.js';
import { ActionChoices } from './action-choices.js';

/** What an action on a run would do, and its confirmation. */
export function ActionDialog({
  runId,
  action,
  onClose,
}: {
  readonly runId: string;
  readonly action: RunAction;
  readonly onClose: () => void;
}) {
  const { api, router, store } = usePage();
  const [plan, setPlan] = useState<ActionPlan>();
  const [options, setOptions] = useState<ActionOptions>({});
  const [isPlanning, setPlanning] = useState(true);
  const [error, setError] = useState<RequestError>();
  const [typed, setTyped] = useState('');
  const start = useAction();
  const { title, start: startLabel } = actionTexts[action];

  useEffect(() => {
    let isOpen = true;
    setPlanning(true);
    setError(undefined);
    api.planAction(runId, action, options).then(
      (found) => {
        if (!isOpen) return;
        setPlan(found);
        setPlanning(false);
      },
      (thrown: unknown) => {
        if (!isOpen) return;
        setError(toRequestError(thrown));
        setPlanning(false);
      },
    );
    return () => {
      isOpen = false;
    };
  }, [runId, action, options]);

  // What is deleted in a real org cannot be brought back by another click.
  const { kind } = store.state.value?.org ?? {};
  const mustType = action === 'undo' && kind === 'org';
  const isSandbox = kind === 'sandbox';
  const isConfirmed = !mustType || typed.trim().toLowerCase() === plan?.org.toLowerCase();
  // Only what was shown is done.
  const isReady = isConfirmed && !isPlanning && error === undefined;
  return (
    <Dialog title={title} onClose={onClose}>
      {plan === undefined && error === undefined && (
        <Progress label={words.loading} value={undefined} max={undefined} />
      )}
      <ErrorNotice error={error} />
      {plan !== undefined && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (!isReady || start.isBusy) return;
            void start
              .run(() => api.startAction(runId, { action, org: plan.org, options }))
              .then((isDone) => {
                if (!isDone) return;
                onClose();
                router.go('run');
              });
          }}
        >
          <dl class="facts">
            <dt>{words.org}</dt>
            <dd>{isSandbox ? words.sandbox : <bdi class="confirm-org">{plan.org}</bdi>}</dd>
            <dt>{words.run}</dt>
            <dd>
              <bdi>{plan.runId}</bdi>
            </dd>
          </dl>
          <ul class="plan-lines">
            {plan.lines.map((line) => (
              <li key={line} dir="auto">
                {line}
              </li>
            ))}
          </ul>
          <ActionChoices plan={plan} options={options} onChange={setOptions} />
          {!plan.hasWork && <Notice severity="info" message={words.nothing} />}
          {plan.hasWork && mustType && (
            <TextField label={words.type(plan.org)} value={typed} onInput={setTyped} />
          )}
          <ErrorNotice error={start.error} />
          {plan.hasWork && (
            <div class="button-row">
              <Button
                type="submit"
                kind={action === 'undo' ? 'danger' : 'primary'}
                isBusy={start.isBusy}
                disabled={!isReady}
              >
                <bdi>{startLabel(isSandbox ? words.theSandbox : plan.org)}</bdi>
              </Button>
            </div>
          )}
          {plan.command !== undefined && !isPlanning && <Command label={words.command} text={plan.command} />}
        </form>
      )}
    </Dialog>
  );
}
