import type { PlanState } from '../../api/plan.js';
import type { OrgState } from '../../api/state.js';
import { hostOf } from '../org/org-label.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNotice } from '../parts/notice.js';
import { planTexts } from '../texts/plan.js';
import { useAction } from '../use-action.js';

const words = planTexts.confirm;

/** Names the org and what happens there, before anything is sent. */
export function ConfirmImport({
  plan,
  org,
  onClose,
}: {
  readonly plan: PlanState;
  readonly org: OrgState;
  readonly onClose: () => void;
}) {
  const { api, router } = usePage();
  const start = useAction();
  const host = hostOf(org.url ?? '');
  const isSandbox = org.kind === 'sandbox';
  const { counts, mails, groupsToCreate } = plan;
  const creates = counts['would-create'] ?? 0;
  const updates = counts['would-update'] ?? 0;
  const bad = (counts['invalid'] ?? 0) + (counts['failed'] ?? 0);
  const lines = [
    words.users(creates, updates),
    ...(mails.count > 0 ? [isSandbox ? words.mailsInSandbox(mails.count) : words.mails(mails.count)] : []),
    ...(groupsToCreate.length > 0 ? [words.groups(groupsToCreate.length)] : []),
    ...(bad > 0 ? [words.left(bad)] : []),
  ];
  return (
    <Dialog title={words.title(creates + updates)} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (start.isBusy) return;
          void start
            .run(() => api.startRun(host))
            .then((isDone) => {
              if (!isDone) return;
              onClose();
              router.go('run');
            });
        }}
      >
        {isSandbox ? (
          <p>{words.sandbox}</p>
        ) : (
          <p>
            {words.into} <bdi class="confirm-org">{host}</bdi>
          </p>
        )}
        <ul class="plan-lines">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <ErrorNotice error={start.error} />
        <div class="button-row">
          <Button type="submit" kind="primary" isBusy={start.isBusy}>
            <bdi>{isSandbox ? words.startInSandbox : words.start(host)}</bdi>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
