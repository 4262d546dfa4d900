import { useRef } from 'preact/hooks';

import { usePage } from '../page-context.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

/** A command line with a button that copies it: `<Command label="The same on the command line" text={plan.command} />` */
export function Command({ label, text }: { readonly label: string; readonly text: string }) {
  const page = usePage();
  const code = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      page.announce(texts.common.copied);
    } catch {
      // The browser forbids it: Ctrl-C copies the selection.
      if (code.current !== null) globalThis.getSelection()?.selectAllChildren(code.current);
      page.announce(texts.common.selected);
    }
  };
  return (
    <figure class="command">
      <figcaption>{label}</figcaption>
      <div class="command-box">
        <pre dir="ltr">
          <code ref={code}>{text}</code>
        </pre>
        <Button kind="quiet" onClick={() => void copy()} aria-label={texts.common.copyOf(label)}>
          <Icon name="copy" />
          {texts.common.copy}
        </Button>
      </div>
    </figure>
  );
}
