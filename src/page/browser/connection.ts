import type { PageEvent } from '../api/state.js';
import type { ApiClient } from './api-client.js';
import { RequestError } from './request-error.js';
import type { Store } from './store.js';

const RETRY_MS = 1000;
/** A tab that is not seen gives its connection back: a browser has six for all tabs of a page. */
const HIDDEN_MS = 5000;

export interface ConnectionOptions {
  readonly store: Store;
  readonly api: ApiClient;
  readonly openEvents?: (() => EventSource) | undefined;
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
}

/**
 * Follows the program by its events, the first of which is its state. When the program stops responding, tries again every second, so
 * that the page goes on when it is back. Ends when the page was closed with the button.
 */
export async function follow(options: ConnectionOptions): Promise<void> {
  const { store, api } = options;
  const {
    openEvents = () => new EventSource('/api/events'),
    wait = (ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  } = options;
  while (store.connection.value !== 'closed') {
    try {
      // Events do not tell why they are refused.
      await api.readState();
      const source = openEvents();
      try {
        await Promise.race([listen(source, store), hidden(wait)]);
      } finally {
        source.close();
      }
    } catch (error) {
      const isStale = error instanceof RequestError && error.isStale;
      if (store.connection.peek() !== 'closed') store.connection.value = isStale ? 'stale' : 'lost';
    }
    if (document.hidden) await nextVisibilityChange();
    else if (store.connection.peek() !== 'closed') await wait(RETRY_MS);
  }
}

/** Resolves when the tab has been hidden for a while. */
async function hidden(wait: (ms: number) => Promise<void>): Promise<void> {
  do {
    if (!document.hidden) await nextVisibilityChange();
    await wait(HIDDEN_MS);
  } while (!document.hidden);
}

function nextVisibilityChange(): Promise<unknown> {
  return new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
}

/** Ends when the connection does. */
function listen(source: EventSource, store: Store): Promise<void> {
  let isFirst = true;
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const event: PageEvent = JSON.parse(data);
    // The program may be another one than before, whose revisions begin anew.
    if (isFirst && event.kind === 'state') store.restart(event.state);
    else store.acceptEvent(event);
    isFirst = false;
    if (store.connection.peek() !== 'closed') store.connection.value = 'open';
  });
  return new Promise((resolve) => source.addEventListener('error', () => resolve(), { once: true }));
}
