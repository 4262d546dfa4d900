import type { PageEvent } from '../api/state.js';
import type { ApiClient } from './api-client.js';
import { RequestError } from './request-error.js';
import type { Store } from './store.js';

const RETRY_MS = 1000;

export interface ConnectionOptions {
  readonly store: Store;
  readonly api: ApiClient;
  readonly openEvents?: (() => EventSource) | undefined;
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
}

/**
 * Follows the program: reads its state, then its events. When the program stops responding, tries again every second, so that the page
 * goes on when it is back. Ends when the page was closed with the button.
 */
export async function follow(options: ConnectionOptions): Promise<void> {
  const { store, api } = options;
  const {
    openEvents = () => new EventSource('/api/events'),
    wait = (ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  } = options;
  while (store.connection.value !== 'closed') {
    try {
      // Events first: a change between the two requests must not be missed.
      const source = openEvents();
      const ended = listen(source, store);
      try {
        store.restart(await api.readState());
        store.connection.value = 'open';
        await ended;
      } finally {
        source.close();
      }
    } catch (error) {
      const isStale = error instanceof RequestError && error.isStale;
      if (store.connection.peek() !== 'closed') store.connection.value = isStale ? 'stale' : 'lost';
    }
    if (store.connection.peek() !== 'closed') await wait(RETRY_MS);
  }
}

/** Ends when the connection does. */
function listen(source: EventSource, store: Store): Promise<void> {
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const event: PageEvent = JSON.parse(data);
    store.acceptEvent(event);
  });
  return new Promise((resolve) => source.addEventListener('error', () => resolve(), { once: true }));
}
