import { useState } from 'preact/hooks';

import { usePage } from './page-context.js';
import { orgLabel } from './org/org-label.js';
import { Button } from './parts/button.js';
import { Dialog } from './parts/dialog.js';
import { texts } from './texts.js';

/** The name of the program, the org that it writes to, and the way out. */
export function TopBar() {
  const { store, isOrgOpen } = usePage();
  const org = store.state.value?.org;
  return (
    <header class="top-bar">
      <span class="brand">{texts.shell.product}</span>
      <div class="top-bar-end">
        {org !== undefined && (
          <button
            type="button"
            class={`org org-${org.problem === undefined ? org.kind : 'problem'}`}
            aria-haspopup="dialog"
            onClick={() => {
              isOrgOpen.value = true;
            }}
          >
            <span class="org-dot" aria-hidden="true" />
            <span class="unseen">{texts.org.title}: </span>
            <bdi class="org-name">{orgLabel(org)}</bdi>
          </button>
        )}
        {store.connection.value === 'open' && <QuitButton />}
      </div>
    </header>
  );
}

/** Ends the program. It pauses a run first, which the reader may not expect. */
function QuitButton() {
  const { store, api } = usePage();
  const [isAsking, setAsking] = useState(false);
  const quit = (): void => {
    setAsking(false);
    void api.close().then(
      () => {
        store.connection.value = 'closed';
      },
      // The banner says that the program does not respond.
      () => undefined,
    );
  };
  const run = store.run.value;
  const isRunning = run !== undefined && run.status !== 'ended';
  const words = texts.shell.quitDuringRun;
  return (
    <>
      <Button kind="quiet" onClick={isRunning ? () => setAsking(true) : quit}>
        {texts.shell.close}
      </Button>
      {isAsking && (
        <Dialog title={words.title} onClose={() => setAsking(false)}>
          <p>{words.text}</p>
          <div class="button-row">
            <Button kind="danger" onClick={quit}>
              {words.quit}
            </Button>
            <Button onClick={() => setAsking(false)}>{words.stay}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
