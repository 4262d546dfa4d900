import type { ComponentChildren, ButtonHTMLAttributes } from 'preact';

export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'quiet';

const CLASSES: Readonly<Record<ButtonKind, string>> = {
  primary: 'button',
  secondary: 'button-second',
  danger: 'button-danger',
  quiet: 'button-plain',
};

/**
 * `<Button onClick={…}>Undo</Button>`, `<Button kind="primary" type="submit" isBusy={action.isBusy}>Import</Button>`
 *
 * One primary button a screen; danger for what cannot be taken back; quiet beside other content. A busy button keeps the focus and
 * ignores clicks. Several of them go into `<div class="button-row">`.
 */
export function Button({
  kind = 'secondary',
  isBusy = false,
  class: className,
  onClick,
  children,
  ...rest
}: Omit<ButtonHTMLAttributes, 'class' | 'className' | 'icon'> & {
  readonly kind?: ButtonKind;
  readonly isBusy?: boolean;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      {...rest}
      class={className === undefined ? CLASSES[kind] : `${CLASSES[kind]} ${className}`}
      aria-disabled={isBusy ? 'true' : rest['aria-disabled']}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {isBusy && <span class="spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}
