import { useEffect } from 'preact/hooks';

import type { PageState } from '../api/state.js';
import { OrgDialog } from './org/org-dialog.js';
import { usePage } from './page-context.js';
import { Notice } from './parts/notice.js';
import { Screen } from './parts/screen.js';
import { stepToShow } from './router.js';
import { SCREENS } from './screens.js';
import { StepList } from './step-list.js';
import { texts } from './texts.js';
import { TopBar } from './top-bar.js';

export function App() {
  const { store, announcement, isOrgOpen } = usePage();
  const state = store.state.value;
  return (
    <>
      <a class="skip" href="#content">
        {texts.shell.skip}
      </a>
      <TopBar />
      <ConnectionBanner />
      {store.connection.value === 'closed' ? (
        <Message title={texts.shell.closedTitle} intro={texts.shell.closed} />
      ) : state === undefined ? (
        <Message title={texts.shell.product} />
      ) : (
        <Steps state={state} />
      )}
      <div class="unseen" role="status" aria-live="polite">
        {announcement.value}
      </div>
      {isOrgOpen.value && state !== undefined && <OrgDialog org={state.org} />}
    </>
  );
}

function Steps({ state }: { readonly state: PageState }) {
  const { router } = usePage();
  const { step, missing } = stepToShow(router.wanted.value, state);
  const CurrentScreen = SCREENS[step];
  const { title } = texts.steps[step];
  useEffect(() => {
    document.title = texts.shell.documentTitle(title, state.file?.name);
  }, [title, state.file?.name]);
  return (
    <div class="frame">
      <StepList current={step} openSteps={state.openSteps} />
      <main id="content" tabIndex={-1}>
        {missing !== undefined && <Notice severity="info" message={texts.steps[missing].notOpen(title)} />}
        {state.notices.map((notice) => (
          <Notice key={notice.id} {...notice} />
        ))}
        <CurrentScreen key={step} />
      </main>
    </div>
  );
}

/** Says that the program cannot be reached, over the last state that is known. */
function ConnectionBanner() {
  const { store } = usePage();
  switch (store.connection.value) {
    case 'lost':
      return <Notice severity="error" {...texts.connection.lost} />;
    case 'stale':
      return <Notice severity="error" {...texts.connection.stale} />;
    case 'connecting':
      return (
        <p class="connecting" role="status">
          {texts.connection.connecting}
        </p>
      );
    case 'open':
    case 'closed':
      return null;
    default:
      return store.connection.value satisfies never;
  }
}

/** Shown instead of a step. */
function Message({ title, intro }: { readonly title: string; readonly intro?: string }) {
  return (
    <main id="content" class="frame">
      <Screen title={title} intro={intro}>
        {null}
      </Screen>
    </main>
  );
}
