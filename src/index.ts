/**
 * The library's public face: importing and validating people as functions over async iterables, Okta's API under its rate
 * limits, and an Okta org in a box. The command line is made of the same parts.
 *
 * @packageDocumentation
 */

export { importUsers, OtherJournalError } from './pipeline/import-users.js';
export { validateUsers } from './pipeline/validate-users.js';
export { writeReportPage } from './pipeline/write-report-page.js';
export type { ImportUsersOptions, RowOptions, ValidateUsersOptions, Warning } from './pipeline/options.js';
export type { CsvSource, PeopleSource, PersonRecord, RecordsSource } from './pipeline/people-source.js';
export type { Change, Done, Ending, Outcome, OutcomeStatus, ReportedError } from './run/outcome.js';
export type { IfExists } from './run/journal.js';

export { readCsv, type CsvOptions, type CsvTable, type Row } from './csv/records.js';
export { MappingFileError, parseMappingFile, type MappingFile } from './people/mapping-file.js';
export { draftMapping, type DraftOptions } from './people/draft-mapping.js';
export { presetNames, readPreset, UnknownPresetError } from './people/presets.js';
export { ColumnsError } from './people/columns-error.js';
export type { Problem, ProblemCode, WarningCode } from './people/problem.js';
export { baseSchema, profileSchemaOf, type ProfileSchema } from './schema/user-schema.js';

export { Secret } from './secret.js';
export { signInMethodFor } from './okta/auth/method.js';
export type { ScopeNeeds, ServiceApp, SignInDescription, SignInMethod } from './okta/auth/sign-in.js';
export { accessToken, apiToken } from './okta/auth/ready-token.js';
export { SignInError } from './okta/auth/errors.js';
export { createOktaClient, type OktaClientSettings } from './okta/create-client.js';
export { OktaClient, type ListUsersQuery, type RequestOptions, type UserAnswer } from './okta/client.js';
export { CertificateError } from './okta/certificate-error.js';
export type { Network, Proxy } from './okta/dispatcher.js';
export { ProxyError } from './okta/proxy-error.js';
export { OktaApiError, OktaConnectionError, OktaUnreadableAnswerError, OrgAwayError } from './okta/errors.js';
export type { TransportOptions } from './okta/transport.js';
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
export { ReportError } from './report/csv-files.js';
export { JournalError } from './run/journal.js';
export { DamagedJournalError } from './run/journal-reader.js';
export { LockedError } from './run/lock.js';
export { systemClock, type Clock } from './clock.js';

export { startSandbox, type Sandbox } from './sandbox/server.js';
export type { SandboxOptions } from './sandbox/options.js';
