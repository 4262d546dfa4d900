import type { OrgState } from '../../api/state.js';
import { texts } from '../texts.js';

/** The org in a few words: its host name, or what it is instead. */
export function orgLabel({ kind, url }: OrgState): string {
  switch (kind) {
    case 'none':
      return texts.org.none;
    case 'sandbox':
      return texts.org.sandbox;
    case 'org':
      return hostOf(url ?? '');
    default:
      return kind satisfies never;
  }
}

/** What is typed to confirm. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
