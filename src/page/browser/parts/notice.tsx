import type { ComponentChildren } from 'preact';

import type { Notice as NoticeData } from '../../api/state.js';
import type { RequestError } from '../request-error.js';
import { texts } from '../texts.js';

/** A message with what to do about it. Errors interrupt a screen reader; others wait. */
export function Notice({
  severity,
  message,
  hint,
  children,
  onDismiss,
}: {
  readonly severity: NoticeData['severity'];
  readonly message: string;
  readonly hint?: string | undefined;
  readonly children?: ComponentChildren;
  readonly onDismiss?: (() => void) | undefined;
}) {
  return (
    <div class={`notice notice-${severity}`} role={severity === 'error' ? 'alert' : 'status'}>
      <div class="notice-text">
        <p class="notice-message" dir="auto">
          {message}
        </p>
        {hint !== undefined && (
          <p class="notice-hint" dir="auto">
            {hint}
          </p>
        )}
        {children}
      </div>
      {onDismiss !== undefined && (
        <button type="button" class="button-plain" onClick={onDismiss}>
          {texts.common.dismiss}
        </button>
      )}
    </div>
  );
}

export function ErrorNotice({
  error,
  onDismiss,
}: {
  readonly error: RequestError | undefined;
  readonly onDismiss?: () => void;
}) {
  if (error === undefined) return null;
  return <Notice severity="error" message={error.message} hint={error.hint} onDismiss={onDismiss} />;
}
