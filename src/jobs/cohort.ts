import { basename, dirname, join } from 'node:path';

import { OktaImportError } from '../errors.js';
import { firstDayLogOfDataset, firstDayLogOfRun } from '../journal/first-day-log.js';
import type { RunDescription } from '../journal/journal-line.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { hasJournal } from '../journal/run-folder.js';
import { writtenChangeOf, type RowOutcome } from '../rows/outcome.js';
import { lineLabelOf, type LineLabel } from '../rows/place.js';
import { datasetPath, readDataset } from '../sync/dataset-file.js';
import type { Dataset, Member } from '../sync/dataset.js';
import { foldRun } from '../sync/fold.js';
import { quoted } from '../text.js';

import { findRunFolder } from './find-run.js';
import { usersOfRun, type FollowUpSubject } from './follow-up.js';
import type { JobContext, OpenOrg } from './job.js';
import { takeDataset } from './open-dataset.js';
import {
  assertNotUndone,
  assertSameOrg,
  damageWarning,
  openSettledImport,
  OtherOrgError,
} from './past-run.js';
import type { Resources } from './resources.js';
import type { RunPurpose } from './run-folders.js';
import { RunLocks } from './run-locks.js';
import { todayOf } from './start-dates.js';

/** Names the people whom a command is about. */
export interface CohortRequest {
  /** See `PastRunRequest`. Either this or `dataset`. */
  readonly run?: string | undefined;
  readonly dataset?: string | undefined;
  /** Where run folders are. */
  readonly reports: string;
  readonly connect: () => Promise<OpenOrg>;
}

/** There is no such data set, or a run of it has no users left. */
export class CohortError extends OktaImportError {
  override readonly code = 'ERR_COHORT';
}

/** One person of a run or of a data set. */
export interface CohortPerson {
  readonly oktaId: string;
  /** Undefined for a data set, which knows no logins. */
  readonly login: string | undefined;
  /** Of the file of the run; of a data set, the number of the member. */
  readonly row: number;
  readonly line: number;
  /** Created ahead of the start date, which has not come; for a data set: had not come when it last ran. */
  readonly waitsForStart: boolean;
  /** No longer in the file of the data set. */
  readonly isMissing: boolean;
}

/** The people of a run or of a data set, and their org. */
export interface Cohort {
  /** For messages: `run it`, `data set staff`. */
  readonly name: string;
  /** Beginning of the IDs of follow-ups. */
  readonly runId: string;
  readonly reports: string;
  readonly org: OpenOrg;
  readonly people: readonly CohortPerson[];
  /** What the lines of people are called. */
  readonly lineLabel: LineLabel;
  /** Where what people were sent is remembered. */
  readonly logPath: string;
  readonly subject: FollowUpSubject;
  /** Of the run, or of the data set. Taken only to change users. */
  readonly locks: RunLocks;
}

/**
 * Opens the people of a run or of a data set.
 *
 * @param options.locks - whether users are going to be changed: only then are the locks taken, and a run must not have been undone.
 */
export async function openCohort(
  request: CohortRequest,
  context: JobContext,
  resources: Resources,
  options: {
    readonly purpose: Extract<RunPurpose, 'remind' | 'status' | 'activate'>;
    readonly locks: boolean;
  },
): Promise<Cohort> {
  const { run, dataset } = request;
  if (run !== undefined) return openRun({ ...request, run }, context, resources, options);
  if (dataset !== undefined) return openMembers({ ...request, dataset }, context, resources, options);
  throw new TypeError('Either run or dataset must be given.');
}

async function openRun(
  request: CohortRequest & { readonly run: string },
  context: JobContext,
  resources: Resources,
  { purpose, locks: locked }: { readonly purpose: RunPurpose; readonly locks: boolean },
): Promise<Cohort> {
  const opened = locked
    ? await openSettledImport(request, context, resources, {
        RunError: CohortError,
        purpose,
        allow: (folder) => assertNotUndone(folder, CohortError),
      })
    : await openUnlocked(request, context, resources, purpose);
  const { folder, past, org, locks } = opened;
  const { runId } = past.description;
  return {
    name: `run ${runId}`,
    runId: basename(folder),
    reports: dirname(folder),
    org,
    people: peopleOf(past, todayOf(past.description.settings.dates, context.clock.now())),
    lineLabel: lineLabelOf(past.description.file),
    logPath: firstDayLogOfRun(folder),
    subject: usersOfRun(past),
    locks,
  };
}

async function openUnlocked(
  { run, reports, connect }: CohortRequest & { readonly run: string },
  context: JobContext,
  resources: Resources,
  purpose: RunPurpose,
): Promise<Pick<Cohort, 'org' | 'locks'> & { readonly folder: string; readonly past: PastRun }> {
  const folder = await findRunFolder(reports, run, purpose);
  const past = resources.add(await readJournal(folder));
  const warning = damageWarning(past, folder);
  if (warning !== undefined) context.observer?.warning?.({ message: warning });
  const org = resources.add(await connect());
  assertSameOrg(past, org.client);
  return { folder, past, org, locks: noLocks(context) };
}

function noLocks(context: JobContext): RunLocks {
  return new RunLocks(context, { runId: '', startedAt: '' });
}

/** The users whom the rows of a run are about, each once; not those whom a sync found to have left. */
function peopleOf(past: PastRun, today: string): readonly CohortPerson[] {
  const people = new Map<string, CohortPerson>();
  for (let row = 1; row <= past.lastRow; row += 1) {
    const outcome = past.outcomeOf(row);
    const oktaId = outcome && oktaIdOf(outcome);
    if (outcome === undefined || oktaId === undefined || people.has(oktaId)) continue;
    const { login, line } = outcome;
    const { startsOn } = outcome;
    const waitsForStart =
      startsOn === undefined ? past.members.get(row)?.isStaged === true : startsOn > today;
    people.set(oktaId, { oktaId, login, row, line, waitsForStart, isMissing: false });
  }
  return [...people.values()];
}

function oktaIdOf(outcome: RowOutcome): string | undefined {
  switch (outcome.status) {
    case 'suspended':
    case 'deactivated':
    case 'leaver':
      return undefined;
    default:
      return writtenChangeOf(outcome)?.oktaId ?? ('oktaId' in outcome ? outcome.oktaId : undefined);
  }
}

async function openMembers(
  { dataset: name, reports, connect }: CohortRequest & { readonly dataset: string },
  context: JobContext,
  resources: Resources,
  { locks: locked }: { readonly locks: boolean },
): Promise<Cohort> {
  const path = datasetPath(reports, name);
  await readMembers(path, name, reports);
  const locks = locked
    ? await takeDataset({ reports, dataset: name }, { ...context, resources })
    : noLocks(context);
  const dataset = await readMembers(path, name, reports);
  const org = resources.add(await connect());
  const { org: orgUrl, openRun } = dataset.header;
  if (orgUrl !== org.client.orgUrl) {
    throw new OtherOrgError(
      `Data set ${quoted(name)} is for ${orgUrl}, but the settings select ${org.client.orgUrl}.`,
      { hint: 'Set OKTA_CLIENT_ORGURL or --org-url to the org of the data set.' },
    );
  }
  if (openRun !== undefined && (await hasJournal(join(reports, openRun)))) {
    context.observer?.notice?.(
      `Run ${openRun} of the data set did not come to its end. People whose outcome is unknown are left out.`,
    );
    const past = resources.add(await readJournal(join(reports, openRun)));
    foldRun(dataset, past);
  }
  const members = dataset.members().filter(({ left }) => left === undefined);
  return {
    name: `data set ${name}`,
    runId: name,
    reports,
    org,
    people: members.map(toPerson),
    lineLabel: 'line',
    logPath: firstDayLogOfDataset(path),
    subject: {
      description: describeMembers(name, orgUrl, members.length),
      groups: [],
      damage: undefined,
      names: () => Promise.resolve(undefined),
    },
    locks,
  };
}

/** @throws {CohortError | DatasetFileError} */
async function readMembers(path: string, name: string, reports: string): Promise<Dataset> {
  const dataset = await readDataset(path);
  if (dataset !== undefined) return dataset;
  throw new CohortError(`There is no data set ${quoted(name)} in ${reports}.`, {
    hint: 'See the data sets with: okta-csv-import datasets',
  });
}

function toPerson({ oktaId, isStaged = false, missingSince }: Member, index: number): CohortPerson {
  return {
    oktaId,
    login: undefined,
    row: index + 1,
    line: 0,
    waitsForStart: isStaged,
    isMissing: missingSince !== undefined,
  };
}

/** A follow-up about a data set has no file. */
function describeMembers(name: string, org: string, people: number): RunDescription {
  return {
    runId: '',
    version: '',
    command: '',
    file: {
      name: `data set ${name}`,
      path: '',
      sizeBytes: 0,
      sha256: '',
      encoding: 'utf-8',
      delimiter: ',',
      records: people,
    },
    org,
    startedAt: '',
    startedAtOrgMs: 0,
    settings: {
      mapping: undefined,
      activate: true,
      changePassword: false,
      groups: [],
      userType: undefined,
      only: undefined,
      ignoreColumns: [],
      encoding: undefined,
      delimiter: undefined,
    },
  };
}
