import { usePage } from './page-context.js';
import { orgLabel } from './org/org-label.js';
import { texts } from './texts.js';

/** The name of the program, the org that it writes to, and the way out. */
export function TopBar() {
  const { store, api, isOrgOpen } = usePage();
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
        {store.connection.value === 'open' && (
          <button
            type="button"
            class="button-plain"
            onClick={() => {
              void api.close().then(
                () => {
                  store.connection.value = 'closed';
                },
                // The banner says that the program does not respond.
                () => undefined,
              );
            }}
          >
            {texts.shell.close}
          </button>
        )}
      </div>
    </header>
  );
}
