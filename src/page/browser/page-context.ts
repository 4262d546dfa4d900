import { signal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { ApiClient } from './api-client.js';
import type { Router } from './router.js';
import type { Store } from './store.js';

/** What every screen needs. */
export interface Page {
  readonly store: Store;
  readonly api: ApiClient;
  readonly router: Router;
  /** Read out by screen readers when it changes. */
  readonly announcement: Signal<string>;
  readonly announce: (text: string) => void;
  /** Whether the panel about the org is open. */
  readonly isOrgOpen: Signal<boolean>;
}

export function createPage(parts: Pick<Page, 'store' | 'api' | 'router'>): Page {
  const announcement = signal('');
  return {
    ...parts,
    announcement,
    announce(text) {
      // The same text again must be a change.
      announcement.value = announcement.peek() === text ? `${text}\u00A0` : text;
    },
    isOrgOpen: signal(false),
  };
}

const context = createContext<Page | undefined>(undefined);
export const PageProvider = context.Provider;

export function usePage(): Page {
  const page = useContext(context);
  if (page === undefined) throw new Error('There is no page around this part.');
  return page;
}
