import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { Button } from '../parts/button.js';
import { Icon } from '../parts/icon.js';
import { texts } from '../texts.js';

const words = texts.file;

/** Takes a file that is dropped anywhere on the page, or chosen with the button. */
export function DropZone({
  isSmall,
  onFiles,
  children,
}: {
  /** Beside a file that is open. */
  readonly isSmall: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ComponentChildren;
}) {
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      // Otherwise the browser leaves the page and opens the file.
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) latest.current(files);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, []);
  return (
    <section class={`drop-zone${isSmall ? ' drop-zone-small' : ''}${isOver ? ' drop-zone-over' : ''}`}>
      {!isSmall && (
        <>
          <Icon name="file" />
          <p class="drop-title">{words.dropTitle}</p>
          <p class="soft">{words.dropNote}</p>
        </>
      )}
      {children}
      <Button kind={isSmall ? 'secondary' : 'primary'} onClick={() => input.current?.click()}>
        {isSmall ? words.chooseAnother : words.choose}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,.gz,.xlsx,text/csv"
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          if (files.length > 0) onFiles(files);
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
      />
    </section>
  );
}
