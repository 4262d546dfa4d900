import { stat } from 'node:fs/promises';

import { UnreadableFileError } from '../../csv/source.js';
import { rejectLockFile } from '../../csv/foreign-files.js';
import { parseDelimiter } from '../../csv/dialect.js';
import type { Reading } from '../api/file.js';
import { PageRequestError, StepNotReadyError } from '../page-error.js';
import { json, type Route } from '../route.js';
import type { PageSession } from '../session.js';
import type { FileStep } from '../steps.js';

import { namedFile, OpenFile, type ChosenFile } from './open-file.js';
import { Uploads } from './uploads.js';

/** Checks that there is a file to open. What is wrong with its content is shown on the page. @throws {UnreadableFileError} */
export async function assertFileExists(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) {
    throw new UnreadableFileError(path, 'does not exist', 'Check the spelling and the folder.');
  }
  if (stats.isFile() || stats.isDirectory()) return;
  const hint = 'Store its output in a file first: the page reads the file several times.';
  throw new UnreadableFileError(path, 'is a pipe or a device', hint);
}

/** Opens a file on this machine in place, as `ui [file]` does. @returns its step, which another tab may have replaced meanwhile. */
export async function openNamedFile(session: PageSession, path: string): Promise<FileStep> {
  return openFile(session, namedFile(path, session.context.clock.now()), {});
}

export function fileRoutes(session: PageSession): readonly Route[] {
  const uploads = new Uploads(session.context.clock);
  session.onClose(() => uploads.close());
  return [
    {
      method: 'PUT',
      path: '/api/file',
      body: 'bytes',
      async handle({ query, message }) {
        const name = query.get('name') ?? '';
        if (name === '') throw new PageRequestError('The file has no name.', NO_NAME);
        rejectLockFile(name);
        const chosenAtMs = session.context.clock.now();
        const path = await uploads.store(name, message);
        if (session.file instanceof OpenFile && session.file.file.chosenAtMs > chosenAtMs) {
          // Its rows may be edited already.
          await uploads.discard(path);
          throw new PageRequestError(`${name} was not opened, because another file was chosen after it.`, {
            status: 409,
            hint: 'This page shows the other file. To open this one, choose it again.',
          });
        }
        await openFile(session, { path, name, isCopy: true, chosenAtMs }, {});
        return json(session.state);
      },
    },
    {
      method: 'PUT',
      path: '/api/reading',
      async handle({ body }) {
        const step = session.file;
        if (!(step instanceof OpenFile)) {
          throw new StepNotReadyError('No file has been chosen yet.', { hint: 'Choose a file first.' });
        }
        const file = { ...step.file, chosenAtMs: session.context.clock.now() };
        await openFile(session, file, toReading(body), step);
        return json(session.state);
      },
    },
  ];
}

const NO_NAME = { hint: 'Choose the file again.' };

async function openFile(
  session: PageSession,
  file: ChosenFile,
  reading: Reading,
  before?: OpenFile,
): Promise<OpenFile> {
  session.dismiss('file-changed');
  const step = new OpenFile(
    file,
    reading,
    {
      version: session.context.version,
      onChange: () => session.changed(),
      onFileChanged: (notice) => session.notify(notice),
    },
    before,
  );
  // It is shown while it is read.
  await session.replace('file', step);
  await step.read();
  if (!step.isClosed) await session.replace('file', step);
  return step;
}

const HIDDEN_ROWS = ['include', 'skip'] as const;
const KEYS = ['sheet', 'encoding', 'delimiter', 'headerRow', 'hiddenRows'];

/** @throws {PageRequestError | InvalidDelimiterError} */
function toReading(body: unknown): Reading {
  if (typeof body !== 'object' || body === null || Object.keys(body).some((key) => !KEYS.includes(key))) {
    throw invalid('how to read the file');
  }
  const given = body as Readonly<Record<string, unknown>>;
  const text = (key: string): string | undefined => {
    const value = given[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string' || value === '' || value.length > 1000) throw invalid(key);
    return value;
  };
  const { headerRow } = given;
  const isRow = typeof headerRow === 'number' && Number.isSafeInteger(headerRow) && headerRow > 0;
  if (headerRow !== undefined && headerRow !== null && !isRow) throw invalid('headerRow');
  const hidden = text('hiddenRows');
  const hiddenRows = HIDDEN_ROWS.find((one) => one === hidden);
  if (hidden !== hiddenRows) throw invalid('hiddenRows');
  const delimiter = text('delimiter');
  if (delimiter !== undefined) parseDelimiter(delimiter);
  const reading = {
    sheet: text('sheet'),
    encoding: text('encoding'),
    // As it is typed in a command.
    delimiter: delimiter === '\t' ? 'tab' : delimiter,
    headerRow: isRow ? headerRow : undefined,
    hiddenRows,
  };
  return Object.fromEntries(Object.entries(reading).filter(([, value]) => value !== undefined));
}

function invalid(what: string): PageRequestError {
  return new PageRequestError(`The value of ${what} is not valid.`, { hint: 'Reload the page.' });
}
