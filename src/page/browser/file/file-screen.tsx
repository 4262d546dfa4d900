import { useRef, useState } from 'preact/hooks';

import type { FileState, Reading } from '../../api/file.js';
import type { PageState } from '../../api/state.js';
import { usePage } from '../page-context.js';
import { Button } from '../parts/button.js';
import { NextBar } from '../parts/next-bar.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { Progress } from '../parts/progress.js';
import { Screen } from '../parts/screen.js';
import { RequestError } from '../request-error.js';
import { texts } from '../texts.js';
import { useAction, type Action } from '../use-action.js';
import { DropZone } from './drop-zone.js';
import { HeadTable } from './head-table.js';
import { ReadingForm } from './reading-form.js';

const words = texts.file;

export function FileScreen() {
  const { api, store, announce } = usePage();
  const [sentName, setSentName] = useState<string>();
  // Shown at once, although the file is read again first.
  const [asked, setAsked] = useState<Reading>();
  const action = useAction();
  const file = store.state.value?.file;

  const run = async (request: () => Promise<PageState>): Promise<void> => {
    if (!(await action.run(request))) return;
    const { rows, columns } = store.state.peek()?.file ?? {};
    // A problem is read out by itself.
    if (rows !== undefined && columns !== undefined) announce(words.done(rows, columns));
  };
  const choose = async ([chosen, ...others]: readonly File[]): Promise<void> => {
    setSentName(chosen?.name);
    await run(async () => {
      if (chosen === undefined || others.length > 0) throw unusable(words.severalFiles);
      await assertReadable(chosen);
      return api.chooseFile(chosen);
    });
    setSentName(undefined);
  };
  const read = (reading: Reading): void => {
    setAsked(reading);
    void run(() => api.changeReading(reading)).then(() => setAsked(undefined));
  };

  return (
    <Screen title={texts.steps.file.title} intro={words.intro}>
      <ErrorNotice error={action.error} onDismiss={action.dismiss} />
      <DropZone isSmall={file !== undefined} onFiles={(files) => void choose(files)}>
        {file !== undefined && (
          <FileHead file={file} action={action} onReadAgain={() => read(file.reading)} />
        )}
      </DropZone>
      {sentName !== undefined && file?.readBytes === undefined && (
        <Progress label={words.sending} value={undefined} max={undefined}>
          <bdi>{sentName}</bdi>
        </Progress>
      )}
      {file !== undefined && <OpenedFile file={file} asked={asked} onRead={read} />}
      <NextBar next="columns" blockedBy={blockedBy(file)} />
    </Screen>
  );
}

/** Otherwise it would look as if the program did not respond. */
async function assertReadable(file: File): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw unusable(words.unreadable);
  }
}

function unusable(text: { readonly message: string; readonly hint: string }): RequestError {
  return new RequestError({ code: 'ERR_FILE_UNREADABLE', ...text });
}

function FileHead({
  file,
  action,
  onReadAgain,
}: {
  readonly file: FileState;
  readonly action: Action;
  readonly onReadAgain: () => void;
}) {
  const { rows, columns, found } = file;
  const facts = [
    rows === undefined || columns === undefined ? [] : words.table(rows, columns),
    file.sizeBytes === 0 ? [] : words.size(file.sizeBytes),
    found.isCompressed ? words.compressed : [],
  ];
  return (
    <div class="file-head">
      <p class="file-name">
        <bdi>{file.name}</bdi>
      </p>
      <p class="soft">{facts.flat().join(' · ')}</p>
      <p class="soft file-path">{file.path === undefined ? words.copy : <bdi>{file.path}</bdi>}</p>
      {file.path !== undefined && (
        <Button kind={file.hasChanged ? 'primary' : 'quiet'} isBusy={action.isBusy} onClick={onReadAgain}>
          {words.readAgain}
        </Button>
      )}
    </div>
  );
}

function OpenedFile({
  file,
  asked,
  onRead,
}: {
  readonly file: FileState;
  readonly asked: Reading | undefined;
  readonly onRead: (reading: Reading) => void;
}) {
  const isReading = file.readBytes !== undefined;
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <>
      {isReading && (
        <Progress label={words.reading(file.name)} value={file.readBytes} max={file.sizeBytes}>
          {words.readSoFar(words.size(file.readBytes ?? 0), words.size(file.sizeBytes))}
        </Progress>
      )}
      {file.problem !== undefined && <Notice {...file.problem} />}
      {file.notices.map((notice) => (
        <Notice key={notice.id} {...notice} />
      ))}
      {file.head.length > 0 && (
        <div class="file-parts" aria-busy={isReading}>
          <ReadingForm
            file={file}
            asked={asked}
            onRead={(reading) => {
              onRead(reading);
              // The button that asked for it is gone afterwards.
              if (Object.keys(reading).length === 0) heading.current?.focus();
            }}
            headingRef={heading}
          />
          <HeadTable file={file} onRead={onRead} />
        </div>
      )}
    </>
  );
}

function blockedBy(file: FileState | undefined): string {
  if (file === undefined) return words.needsFile;
  if (file.readBytes !== undefined) return words.needsReading;
  return file.problem?.id === 'hidden-rows' ? words.needsAnswer : words.needsTable;
}
