import { usePage } from '../page-context.js';
import { useAction, type Action } from '../use-action.js';

/** Loads the failed rows of a run into Check, and goes there. */
export function useCorrection(
  runId: string,
): Pick<Action, 'isBusy' | 'error'> & { readonly start: () => void } {
  const { api, router } = usePage();
  const action = useAction();
  return {
    isBusy: action.isBusy,
    error: action.error,
    start: () =>
      void action
        .run(() => api.correctFailedRows(runId))
        .then((isDone) => {
          if (isDone) router.go('check');
        }),
  };
}
