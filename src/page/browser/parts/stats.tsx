import type { ComponentChildren } from 'preact';

import type { Tone } from './badge.js';

export interface Stat {
  readonly label: string;
  readonly value: ComponentChildren;
  readonly note?: ComponentChildren;
  /** Of the value; only where it says something: `bad` for a number of failures that is not 0. */
  readonly tone?: Tone | undefined;
}

/** Numbers in tiles: `<Stats stats={[{ label: 'Rows', value: 60 }, { label: 'Problems', value: 12, tone: 'bad' }]} />` */
export function Stats({ stats }: { readonly stats: readonly Stat[] }) {
  return (
    <dl class="stats">
      {stats.map(({ label, value, note, tone }) => (
        <div key={label} class="stat">
          <dt>{label}</dt>
          <dd class={tone === undefined ? 'stat-value' : `stat-value tone-${tone}`}>{value}</dd>
          {note !== undefined && <dd class="stat-note">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
