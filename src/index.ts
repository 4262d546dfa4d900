/**
 * The library's public face: importing and validating people as functions over async iterables, Okta's API under its rate
 * limits, and an Okta org in a box. The command line is made of the same parts.
 *
 * @packageDocumentation
 */

export {
  activateRun,
  importUsers,
  readCsv,
  resumeRun,
  undoRun,
  validateUsers,
  verifyRun,
  writeReportPage,
  type ImportUsersOptions,
  type PastRunOptions,
  type ValidateUsersOptions,
} from './jobs/library.js';
export type { CsvRecord, JobOptions } from './jobs/library-job.js';
export { syncUsers, type SyncUsersOptions } from './jobs/library-sync.js';
export { listDatasets, type DatasetInfo } from './jobs/datasets.js';
export type {
  ActivateOutcome,
  ImportOutcome,
  ResumeOutcome,
  SyncOutcome,
  UndoOutcome,
  ValidateOutcome,
} from './jobs/outcomes.js';
export type { Difference } from './jobs/verify.js';
export type { CsvSource, InputSource, RecordsSource } from './jobs/input.js';
export type { ImportOptions } from './jobs/options.js';
export { SyncOptionError, type SyncImportOptions, type SyncOptions } from './jobs/sync-options.js';
export { SyncStoppedError } from './jobs/sync.js';
export { DatasetFileError } from './sync/dataset-file.js';
export type { FinishedRun, RunInfo, RunObserver, RunProgress, Wait, Warning } from './jobs/run-observer.js';
export { OtherJournalError } from './jobs/run-store.js';
export { OtherOrgError } from './jobs/past-run.js';
export { HiddenRowsError } from './jobs/hidden-rows.js';
export { ResumeError } from './jobs/resume.js';
export { UndoError } from './jobs/undo.js';
export { ActivationError } from './jobs/activation-error.js';
export type { FailureGroup, FailureGroups } from './report/failure-groups.js';
export type { Summary, SyncCounts } from './report/summary.js';
export type { Counts } from './rows/counts.js';
export type { StopReason } from './rows/exit-code.js';
export type { PlanEstimate } from './engine/plan-estimate.js';
export type { Change, WrittenChange, OutcomeStatus, ReportedError, RowOutcome } from './rows/outcome.js';
export type { IfExists } from './journal/journal-line.js';

export type { CsvOptions, CsvTable } from './csv/csv-table.js';
export type { Row } from './rows/row.js';
export { MappingFileError, parseMappingFile, type MappingFile } from './mapping/mapping-file.js';
export { draftMapping, type DraftOptions } from './mapping/draft-mapping.js';
export { presetNames, readPreset, UnknownPresetError } from './mapping/presets.js';
export { ColumnsError } from './mapping/columns-error.js';
export type { Problem, ProblemCode, WarningCode } from './rows/problem.js';
export { baseSchema, profileSchemaOf, type ProfileSchema } from './validation/user-schema.js';

export { Secret } from './secret.js';
export { createSignInMethod } from './okta/auth/create-authenticator.js';
export type { ScopeNeeds, ServiceApp, SignInDescription, SignInMethod } from './okta/auth/authenticator.js';
export { accessToken, apiToken } from './okta/auth/static-token.js';
export { SignInError } from './okta/auth/errors.js';
export { createOktaClient, type OktaClientSettings } from './okta/create-client.js';
export type { ActivationLink } from './okta/activation-link.js';
export type { ListOptions, RequestOptions } from './okta/api-client.js';
export { OktaClient, type ListUsersQuery, type UserResponse } from './okta/client.js';
export { CertificateError } from './okta/http/certificate-error.js';
export type { Network, Proxy } from './okta/http/dispatcher.js';
export { ProxyError } from './okta/http/proxy-error.js';
export { OktaConnectionError } from './okta/http/connection-error.js';
export {
  OktaApiError,
  OktaUnreadableResponseError,
  OrgUnavailableError,
  UnknownHostError,
} from './okta/errors.js';
export type { TransportOptions } from './okta/http/transport.js';
export type {
  CreateUserOptions,
  Credentials,
  Group,
  PasswordHash,
  Profile,
  ProfileValue,
  User,
  UserRequest,
  UserSchema,
  UserSchemaAttribute,
  UserStatus,
  UserType,
} from './okta/types.js';

export { OktaImportError } from './errors.js';
export { FileChangedError, UnreadableFileError } from './csv/source.js';
export { ReportError } from './report/report-error.js';
export { JournalError } from './journal/journal.js';
export { DamagedJournalError } from './journal/damaged-journal.js';
export { LockedError } from './journal/lock-file.js';
export { systemClock, type Clock } from './clock.js';

export { startSandbox, type Sandbox } from './sandbox/server.js';
export type { SandboxOptions } from './sandbox/options.js';
