/** The library's public face. The command line is made of the same parts: see `src/commands/import-run.ts`. */

export { OktaImportError } from './errors.js';
export { systemClock, type Clock } from './clock.js';

export { readCsv, type CsvOptions, type CsvTable, type Row } from './csv/records.js';
export { FileChangedError, openSource, UnreadableFileError, type Source } from './csv/source.js';

export { MappingFileError, parseMappingFile, type MappingFile } from './people/mapping-file.js';
export { ColumnsError } from './people/columns-error.js';
export { compileMapping, type Mapping, type MappingOptions } from './people/mapping.js';
export { draftMapping, type DraftOptions } from './people/draft-mapping.js';
export { presetNames, readPreset, UnknownPresetError } from './people/presets.js';
export type { Problem, ProblemCode, WarningCode } from './people/problem.js';
export { toUserRequest, type MappedRow } from './people/user-request.js';

export { createChecker, type CheckOptions } from './schema/check.js';
export { baseSchema, profileSchemaOf, type ProfileSchema } from './schema/user-schema.js';

export { Secret } from './secret.js';
export {
  signInMethodFor,
  type ScopeNeeds,
  type ServiceApp,
  type SignInDescription,
  type SignInMethod,
} from './okta/auth/sign-in.js';
export { accessToken, apiToken } from './okta/auth/ready-token.js';
export { SignInError } from './okta/auth/errors.js';
export { OktaClient, type ListUsersQuery, type RequestOptions, type UserAnswer } from './okta/client.js';
export { CertificateError } from './okta/certificate-error.js';
export type { Network, Proxy } from './okta/dispatcher.js';
export { ProxyError } from './okta/proxy-error.js';
export { OktaApiError, OktaConnectionError, OktaUnreadableAnswerError, OrgAwayError } from './okta/errors.js';
export { reactionTo, type Reaction } from './okta/retry.js';
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

export { applyRow, type ApplyContext } from './run/apply.js';
export { Directory } from './run/directory.js';
export { readJournal, type PastRun } from './run/journal-reader.js';
export { Journal, JournalError, type RunDescription } from './run/journal.js';
export type { Finished, Operation, Outcome, OutcomeStatus, Planned } from './run/outcome.js';
export { planImport, type CheckedRow, type PlanOptions } from './run/plan.js';
export { runAll, type RunnerOptions } from './run/runner.js';
export { Stop, type StopReason } from './run/stop.js';

export { RunReport } from './report/run-report.js';
export { writeSummary, type Counts, type Summary } from './report/summary.js';

export { startSandbox, type Sandbox } from './sandbox/server.js';
export type { SandboxOptions } from './sandbox/options.js';
