import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** One step: its heading, which gets the focus when the step is opened, and its content. */
export function Screen({
  title,
  intro,
  children,
  actions,
}: {
  readonly title: string;
  readonly intro?: ComponentChildren;
  readonly children: ComponentChildren;
  /** Beside the heading. */
  readonly actions?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    heading.current?.focus({ preventScroll: true });
    globalThis.scrollTo(0, 0);
  }, []);
  return (
    <div class="screen">
      <header class="screen-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {intro !== undefined && <p class="intro">{intro}</p>}
        </div>
        {actions !== undefined && <div class="screen-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
