import { useRef, useState } from 'preact/hooks';

import type { ColumnsState, MappingChange } from '../../api/columns.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNotice } from '../parts/notice.js';
import { RequestError } from '../request-error.js';
import { texts } from '../texts.js';
import { useAction } from '../use-action.js';

const words = texts.columns;

/** Even a mapping of thousands of columns is smaller. */
const MAX_MAPPING_BYTES = 2_000_000;

/** Saves and loads the mapping file that the command line takes, and forgets what was chosen. */
export function MappingActions({ columns }: { readonly columns: ColumnsState }) {
  const { api, announce } = usePage();
  const action = useAction();
  const input = useRef<HTMLInputElement>(null);
  const [isAsking, setAsking] = useState(false);
  const run = async (change: MappingChange, done: string): Promise<void> => {
    if (await action.run(() => api.changeMapping(change))) announce(done);
  };
  return (
    <div class="mapping-actions">
      <div class="button-row">
        <a class="button-second" href="/api/mapping.yaml" download>
          {words.save}
        </a>
        <Button isBusy={action.isBusy} onClick={() => input.current?.click()}>
          {words.load}
        </Button>
        <Button kind="quiet" onClick={() => setAsking(true)}>
          {words.reset}
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept=".yaml,.yml"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file !== undefined && file.size > MAX_MAPPING_BYTES) {
            const code = 'ERR_PAGE_REQUEST';
            void action.run(() => Promise.reject(new RequestError({ code, ...words.tooLarge(file.name) })));
          } else if (file !== undefined) {
            void file
              .text()
              .then((yaml) => run({ kind: 'load', fileName: file.name, yaml }, words.loaded(file.name)));
          }
          currentTarget.value = '';
        }}
      />
      {columns.mappingName !== undefined && (
        <p class="soft">
          <bdi>{words.loadedFrom(columns.mappingName)}</bdi>
          {columns.losesComments && ` ${words.losesComments}`}
        </p>
      )}
      <ErrorNotice error={action.error} onDismiss={action.dismiss} />
      {isAsking && (
        <Dialog title={words.resetTitle} onClose={() => setAsking(false)}>
          <p>{words.resetText}</p>
          <div class="button-row">
            <Button
              kind="danger"
              onClick={() => {
                setAsking(false);
                void run({ kind: 'reset' }, words.wasReset);
              }}
            >
              {words.reset}
            </Button>
            <Button onClick={() => setAsking(false)}>{words.keep}</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
