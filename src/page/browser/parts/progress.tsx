import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/**
 * `<Progress label="Importing" value={30} max={60}>30 of 60 rows</Progress>`. Without a value or a maximum, it only shows that something
 * goes on. Announce the end with `usePage().announce()`: screen readers do not follow the bar.
 */
export function Progress({
  label,
  value,
  max,
  children,
}: {
  readonly label: string;
  readonly value: number | undefined;
  readonly max: number | undefined;
  /** Beside the label: how far it is, in words. */
  readonly children?: ComponentChildren;
}) {
  const id = useId();
  const isKnown = value !== undefined && max !== undefined && max > 0;
  return (
    <div class="progress">
      <div class="progress-texts">
        <label for={id}>{label}</label>
        <span class="soft">{children}</span>
      </div>
      {/* A bar without a value is drawn as going on. */}
      <progress id={id} {...(isKnown && { value, max })} />
    </div>
  );
}
