import { useId, useState } from 'preact/hooks';

import type { OrgState } from '../../api/state.js';
import { usePage } from '../page-context.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { texts } from '../texts.js';
import { useAction } from '../use-action.js';

const words = texts.org;

/** Which org it is, where the credentials come from, and a token for this session. */
export function OrgDialog({ org }: { readonly org: OrgState }) {
  const { isOrgOpen } = usePage();
  return (
    <Dialog
      title={words.title}
      onClose={() => {
        isOrgOpen.value = false;
      }}
    >
      <p>{words.about[org.kind]}</p>
      {org.url !== undefined && (
        <dl class="facts">
          <dt>{words.address}</dt>
          <dd>
            <bdi>{org.url}</bdi>
          </dd>
          <dt>{words.credentials}</dt>
          <dd>{org.credentialsFrom ?? words.noCredentials}</dd>
        </dl>
      )}
      {org.problem !== undefined && <Notice {...org.problem} />}
      <OrgForm org={org} />
    </Dialog>
  );
}

function OrgForm({ org }: { readonly org: OrgState }) {
  const { api, isOrgOpen } = usePage();
  const [url, setUrl] = useState(org.kind === 'org' ? (org.url ?? '') : '');
  const [token, setToken] = useState('');
  const action = useAction();
  const id = useId();
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void action
          .run(() => api.changeOrg({ url: url.trim(), token: token.trim() }))
          .then((isDone) => {
            if (isDone) isOrgOpen.value = false;
          });
      }}
    >
      <h3>{words.formTitle}</h3>
      <label for={`${id}-url`}>{words.address}</label>
      <input
        id={`${id}-url`}
        type="url"
        required
        placeholder="https://acme.okta.com"
        autocomplete="off"
        value={url}
        onInput={(event) => setUrl(event.currentTarget.value)}
      />
      <label for={`${id}-token`}>{words.token}</label>
      <input
        id={`${id}-token`}
        type="password"
        required
        autocomplete="off"
        aria-describedby={`${id}-note`}
        value={token}
        onInput={(event) => setToken(event.currentTarget.value)}
      />
      <p id={`${id}-note`} class="soft">
        {words.tokenNote}
      </p>
      <ErrorNotice error={action.error} />
      <div class="button-row">
        <button type="submit" class="button" disabled={action.isBusy}>
          {words.use}
        </button>
      </div>
    </form>
  );
}
