import type { RowFlags } from './bodies/load-mapping.js';
import type { StopConditionFlags } from './next-steps.js';
import type { OrgFlags } from '../settings/load.js';

import { UsageError } from './usage-error.js';

interface RowArguments extends Omit<
  RowFlags,
  'ignoreColumns' | 'mapping' | 'userType' | 'only' | 'encoding' | 'delimiter' | 'sheet'
> {
  readonly mapping?: string | undefined;
  readonly userType?: string | undefined;
  readonly only?: string | undefined;
  readonly ignoreColumns?: string | undefined;
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly sheet?: string | undefined;
}

/** What becomes of a row. @throws {UsageError} flags that make no sense, or do not go together. */
export function rowFlagsOf(argv: RowArguments): RowFlags {
  if (argv.group.some((group) => group.trim() === '')) {
    throw new UsageError('--group needs the name or id of a group.');
  }
  if (argv.clearEmpty && argv.ifExists !== 'update') {
    throw new UsageError('--clear-empty goes with --if-exists update: a new user has nothing to empty.');
  }
  return {
    mapping: argv.mapping,
    activate: argv.activate,
    changePassword: argv.changePassword,
    group: argv.group,
    userType: argv.userType,
    ifExists: argv.ifExists,
    clearEmpty: argv.clearEmpty,
    createGroups: argv.createGroups,
    only: argv.only,
    ignoreColumns: (argv.ignoreColumns ?? '')
      .split(',')
      .map((column) => column.trim())
      .filter((column) => column !== ''),
    encoding: argv.encoding,
    delimiter: argv.delimiter,
    sheet: argv.sheet,
  };
}

/** @throws {UsageError} */
export function stopFlagsOf(argv: {
  canary?: number | undefined;
  maxFailures?: string | undefined;
}): StopConditionFlags {
  const { canary, maxFailures } = argv;
  if (canary !== undefined && !(Number.isInteger(canary) && canary > 0)) {
    throw new UsageError('--canary takes a whole number above 0.');
  }
  return { canary, maxFailures };
}

/** The flags that lead to the org, as they are typed in the next command. */
export function orgArgs({ sandbox, orgUrl, customDomain, envFile, ca }: OrgFlags): string[] {
  return [
    ...(sandbox === true ? ['--sandbox'] : []),
    ...(orgUrl === undefined ? [] : ['--org-url', orgUrl]),
    ...(customDomain === true ? ['--custom-domain'] : []),
    ...(envFile === undefined ? [] : ['--env-file', envFile]),
    ...(ca === undefined ? [] : ['--ca', ca]),
  ];
}
