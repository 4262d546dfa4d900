import { useState } from 'preact/hooks';

import type { OrgState } from '../../api/state.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { Checkbox } from '../parts/choice.js';
import { Dialog } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
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
  const { api, isOrgOpen, announce } = usePage();
  const [url, setUrl] = useState(org.kind === 'org' ? (org.url ?? '') : '');
  const [token, setToken] = useState('');
  const [isCustomDomain, setCustomDomain] = useState(false);
  const action = useAction();
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void action
          .run(() => api.changeOrg({ url: url.trim(), token: token.trim(), isCustomDomain }))
          .then((isDone) => {
            if (!isDone) return;
            isOrgOpen.value = false;
            announce(words.changed);
          });
      }}
    >
      <h3>{words.formTitle}</h3>
      <TextField
        label={words.address}
        required
        placeholder="https://acme.okta.com"
        value={url}
        onInput={setUrl}
      />
      <Checkbox label={words.customDomain} isChecked={isCustomDomain} onChange={setCustomDomain} />
      <TextField
        label={words.token}
        type="password"
        required
        help={words.tokenNote}
        value={token}
        onInput={setToken}
      />
      <ErrorNotice error={action.error} />
      <div class="button-row">
        <Button kind="primary" type="submit" isBusy={action.isBusy}>
          {words.use}
        </Button>
      </div>
    </form>
  );
}
