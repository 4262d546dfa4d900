import type { ComponentChildren } from 'preact';

/** In place of a list that has nothing: `<Empty title="No runs yet">They appear here after the first import.</Empty>` */
export function Empty({
  title,
  children,
  actions,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <div class="soft">{children}</div>}
      {actions !== undefined && <div class="button-row">{actions}</div>}
    </div>
  );
}
