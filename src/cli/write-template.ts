import { OktaImportError } from '../errors.js';
import { createColumnNamer } from '../mapping/write-cell.js';
import { mappingTemplate } from '../mapping/mapping-template.js';
import { offlineMetadata, readFullOrgMetadata, type OrgMetadata } from '../org/org-metadata.js';
import { csvLine } from '../report/csv-writer.js';
import { fitTable } from './table.js';
import { exitCodeFor, Cancellation } from '../rows/cancellation.js';
import {
  describeSchema,
  formatLimits,
  formatType,
  type AttributeDescription,
} from '../validation/describe-schema.js';
import type { ProfileSchema } from '../validation/user-schema.js';
import type { Org } from '../settings/load.js';
import type { RequestSettings } from '../settings/requests.js';

import type { OpenOrg } from '../jobs/job.js';

import { openOrg } from './connect.js';
import type { CommandContext } from './command-context.js';

/** What is written: an empty CSV, what its columns take in words or as JSON, or a mapping file to fill in. */
export type TemplateFormat = 'csv' | 'explain' | 'explain-json' | 'mapping';

export interface TemplateFlags {
  readonly format: TemplateFormat;
  /** Name or id; undefined for the default type. Needs an org. */
  readonly userType: string | undefined;
  /** Undefined offline. */
  readonly org: Org | undefined;
  readonly requests: RequestSettings;
}

/** The org has no such user type. */
class UnknownUserTypeError extends OktaImportError {
  override readonly code = 'ERR_UNKNOWN_USER_TYPE';
}

/** `template`: which columns a file may have, for people to fill in. @returns the exit code. */
export async function writeTemplate(flags: TemplateFlags, surroundings: CommandContext): Promise<number> {
  const { stdout, terminal } = surroundings;
  const cancellation = new Cancellation();
  surroundings.onInterrupt((signal) => cancellation.abort({ kind: 'interrupted', signal }));
  let org: OpenOrg | undefined;
  try {
    org = flags.org && (await openOrg(flags.org, flags.requests, surroundings));
    const knowledge = org
      ? await readFullOrgMetadata(org.client, {
          signal: cancellation.signal,
          warn: (words) => terminal.warn(words),
        })
      : offlineMetadata;
    stdout.write(FORMATS[flags.format](templateColumns(knowledge, schemaOf(flags, knowledge))));
    return cancellation.reason === undefined ? 0 : exitCodeFor(cancellation.reason);
  } finally {
    await org?.close();
  }
}

/** @throws {UnknownUserTypeError} */
function schemaOf({ userType }: TemplateFlags, { schemaFor, groupResolver }: OrgMetadata): ProfileSchema {
  const schema = schemaFor(userType);
  if (schema !== undefined) return schema;
  const known = groupResolver?.userTypes.map(({ name }) => `"${name}"`).join(', ');
  throw new UnknownUserTypeError(`The org has no user type "${userType}". It has ${known}.`, {
    hint: 'Give one of those with --user-type, or leave it out for the default one.',
  });
}

/** One column of a template: an attribute's, or one of ours. */
type TemplateColumn =
  | (AttributeDescription & { readonly column: string })
  | { readonly column: string; readonly attribute: null; readonly type: string; readonly limits: string };

function templateColumns(knowledge: OrgMetadata, schema: ProfileSchema): readonly TemplateColumn[] {
  const columnOf = createColumnNamer({
    attributes: new Map(Object.entries(schema.attributes)),
    isOrgSchema: knowledge.isOrgSchema,
  });
  const types = knowledge.groupResolver?.userTypes ?? [];
  return [
    ...describeSchema(schema).map((described) => ({ column: columnOf(described.attribute), ...described })),
    ...(types.length > 1
      ? [ours('type', 'user type', `one of: ${types.map(({ name }) => name).join(', ')}; by name or id`)]
      : []),
    ours('groups', 'list of texts', 'groups by name or id; at most 20'),
    ours('password', 'text', "as the org's policy wants it"),
    ours('recoveryQuestion', 'text', 'with recoveryAnswer'),
    ours('recoveryAnswer', 'text', 'with recoveryQuestion; 4 characters or more'),
  ];
}

function ours(column: string, type: string, limits: string): TemplateColumn {
  return { column, attribute: null, type, limits };
}

const FORMATS: Record<TemplateFormat, (columns: readonly TemplateColumn[]) => string> = {
  csv: (columns) => csvLine(columns.map(({ column }) => column)),
  'explain-json': (columns) => `${JSON.stringify(columns, undefined, 2)}\n`,
  explain: (columns) =>
    fitTable([['COLUMN', 'LABEL', 'TYPE', 'LIMITS'], ...columns.map(explained)], {
      width: 80,
    }),
  mapping: (columns) =>
    mappingTemplate(
      columns.flatMap((column) => {
        if (column.attribute === null) return [];
        const limits = formatLimits(column);
        const description = [column.label, formatType(column), ...(limits === '' ? [] : [limits])].join('; ');
        return [{ ...column, isList: column.type === 'array', description }];
      }),
    ),
};

function explained(column: TemplateColumn): readonly string[] {
  if (column.attribute === null) return [column.column, '', column.type, column.limits];
  return [column.column, column.label, formatType(column), formatLimits(column)];
}
