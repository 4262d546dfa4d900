import { useState } from 'preact/hooks';

import type { PageState } from '../api/state.js';
import { usePage } from './page-context.js';
import { RequestError } from './request-error.js';

export interface Action {
  readonly isBusy: boolean;
  readonly error: RequestError | undefined;
  /** Waits for the request, and takes the state over if it is one. Resolves to whether it succeeded. */
  run(request: () => Promise<PageState>): Promise<boolean>;
  readonly dismiss: () => void;
}

/** A request that the reader has asked for: busy while it lasts, and its error for `<ErrorNotice>`. */
export function useAction(): Action {
  const { store } = usePage();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError>();
  return {
    isBusy,
    error,
    dismiss: () => setError(undefined),
    async run(request) {
      setBusy(true);
      setError(undefined);
      try {
        store.accept(await request());
        return true;
      } catch (thrown) {
        setError(toRequestError(thrown));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

export function toRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  return new RequestError({ code: 'ERR_UNEXPECTED', message: String(thrown) });
}
