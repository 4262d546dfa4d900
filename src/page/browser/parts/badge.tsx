import type { ComponentChildren } from 'preact';

import { Icon, type IconName } from './icon.js';

export type Tone = 'good' | 'warning' | 'bad' | 'accent' | 'neutral';

const ICON_OF: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  warning: 'warning',
  bad: 'cross',
  accent: 'info',
  neutral: 'minus',
};

/** A word about a thing: `<Badge tone="good">created</Badge>`. The icon tells what the color tells. */
export function Badge({
  tone = 'neutral',
  icon = ICON_OF[tone],
  children,
}: {
  readonly tone?: Tone;
  readonly icon?: IconName | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <span class={`badge badge-${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  );
}
