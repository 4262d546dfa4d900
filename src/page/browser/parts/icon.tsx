/** Paths of 16 × 16 icons, drawn with lines. */
const ICONS = {
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'm4 4 8 8m0-8-8 8',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 12v.01',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 7.5V11M8 5v.01',
  pause: 'M5.5 3.5v9m5-9v9',
  pencil: 'm3 13 .7-3L10.5 3.2l2.3 2.3L6 12.3z',
  minus: 'M3.5 8h9',
  copy: 'M6 6V3.5h6.5V10H10M3.5 6H10v6.5H3.5z',
  file: 'M4 1.8h5.2L12 4.6v9.6H4zM9 2v3h3',
} as const;

export type IconName = keyof typeof ICONS;

/** A decoration: the text beside it must say the same. `<Icon name="check" />` */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={ICONS[name]} />
    </svg>
  );
}
