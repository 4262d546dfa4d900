import { OktaImportError } from '../errors.js';
import { createColumnNamer } from '../mapping/write-cell.js';
import { mappingTemplate } from '../mapping/mapping-template.js';
import { offlineMetadata, readFullOrgMetadata, type OrgMetadata } from '../org/org-metadata.js';
import { csvLine } from '../report/csv-writer.js';
import { fitTable } from './table.js';
import { listOf } from '../text.js';
import { exitCodeOf } from '../rows/exit-code.js';
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
import { cancelOnInterrupt } from './interrupt.js';

/** An empty CSV file, a description of its columns as text or JSON, or a mapping file to fill in. */
export type TemplateFormat = 'csv' | 'explain' | 'explain-json' | 'mapping';

export interface TemplateFlags {
  readonly format: TemplateFormat;
  /** Name or ID; undefined for the default type. Needs an org. */
  readonly userType: string | undefined;
  /** Undefined offline. */
  readonly org: Org | undefined;
  readonly requests: RequestSettings;
}

class UnknownUserTypeError extends OktaImportError {
  override readonly code = 'ERR_UNKNOWN_USER_TYPE';
}

/** Writes a template for an input file. @returns the exit code. */
export async function writeTemplate(flags: TemplateFlags, context: CommandContext): Promise<number> {
  const { stdout, terminal } = context;
  const cancellation = cancelOnInterrupt(context);
  let org: OpenOrg | undefined;
  try {
    org = flags.org && (await openOrg(flags.org, flags.requests, context));
    const metadata = org
      ? await readFullOrgMetadata(org.client, {
          signal: cancellation.signal,
          warn: (message) => terminal.warn(message),
        })
      : offlineMetadata;
    stdout.write(FORMATS[flags.format](templateColumns(metadata, schemaOf(flags, metadata))));
    return exitCodeOf(cancellation.reason);
  } finally {
    await org?.close();
  }
}

/** @throws {UnknownUserTypeError} */
function schemaOf({ userType }: TemplateFlags, { schemaFor, groupResolver }: OrgMetadata): ProfileSchema {
  const schema = schemaFor(userType);
  if (schema !== undefined) return schema;
  const known = listOf(groupResolver?.userTypes.map(({ name }) => `"${name}"`) ?? []);
  throw new UnknownUserTypeError(`Unknown user type "${userType}". The org has ${known}.`, {
    hint: 'Use one of these with --user-type, or omit it for the default type.',
  });
}

/** A column of a template: an attribute, or a column that is not part of the profile. */
type TemplateColumn =
  | (AttributeDescription & { readonly column: string })
  | { readonly column: string; readonly attribute: null; readonly type: string; readonly limits: string };

function templateColumns(metadata: OrgMetadata, schema: ProfileSchema): readonly TemplateColumn[] {
  const columnOf = createColumnNamer({
    attributes: new Map(Object.entries(schema.attributes)),
    isOrgSchema: metadata.isOrgSchema,
  });
  const types = metadata.groupResolver?.userTypes ?? [];
  return [
    ...describeSchema(schema).map((described) => ({ column: columnOf(described.attribute), ...described })),
    ...(types.length > 1
      ? [
          otherColumn(
            'type',
            'user type',
            `one of: ${types.map(({ name }) => name).join(', ')}; by name or ID`,
          ),
        ]
      : []),
    otherColumn('groups', 'list of texts', 'names or IDs; at most 20'),
    otherColumn('password', 'text', "must satisfy the org's password policy"),
    otherColumn('recoveryQuestion', 'text', 'with recoveryAnswer'),
    otherColumn('recoveryAnswer', 'text', 'with recoveryQuestion; at least 4 characters'),
  ];
}

function otherColumn(column: string, type: string, limits: string): TemplateColumn {
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
