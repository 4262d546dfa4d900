import type { MappedRow } from '../mapping/user-request.js';
import type { ProfileValue } from '../okta/types.js';
import { EVERYONE_MESSAGE, groupNameProblem, isEveryone } from '../rows/group-name.js';
import type { ColumnOf, Problem, ProblemCode, ValueProblem } from '../rows/problem.js';
import { quoted } from '../text.js';

import { compileAttribute, type CompiledAttribute } from './attribute.js';
import { characterClasses, characterProblem, NOT_PLAIN, NOTATION_MARK } from './characters.js';
import { checkCredentials } from './credentials.js';
import { createDuplicateDetector, type ExplainRepeated } from './detect-duplicates.js';
import { detectNoPerson } from './detect-no-person.js';
import { detectShiftedRow } from './detect-shifted-row.js';
import { createFormatChecks, type FormatCheck } from './formats.js';
import { findProgramOutput, isStrict, textUseOf, type TextUse } from './program-output.js';
import { createRowMemory, type RowMemory } from './row-memory.js';
import { createRowWarnings } from './row-warnings.js';
import { baseSchema, type ProfileSchema } from './user-schema.js';

export interface RowValidatorOptions {
  /**
   * The schema of a user type by name or ID, or of the default type for undefined. Must return the same object for the same type, since
   * each is compiled once. For an unknown type it returns undefined: then only Okta's base schema is checked.
   */
  readonly schemaFor: (type: string | undefined) => ProfileSchema | undefined;
  readonly activate: boolean;
  readonly changePassword: boolean;
  /** See `Mapping`. */
  readonly columnOf: ColumnOf;
  /** False offline, where attributes may exist that are not in the schema. */
  readonly isOrgSchema: boolean;
  /** Whether the org will be asked about groups, even if its schema cannot be read. Default: `isOrgSchema`. */
  readonly canAskOrg?: boolean | undefined;
  /** The columns that the groups come from, for messages. */
  readonly groupColumns?: readonly string[] | undefined;
  /** Called for each warning, before the row's problems are returned. */
  readonly onWarning?: ((warning: Problem, mapped: MappedRow) => void) | undefined;
  /** By default, one for rows that come once, in the order of the file. */
  readonly memory?: RowMemory | undefined;
}

/** Returns all problems of a row, those of its mapping first. */
export type RowValidator = (mapped: MappedRow, options?: ValidateRowOptions) => readonly Problem[];

export interface ValidateRowOptions {
  /** Whether an earlier process of the run has completed the row: it is only remembered. */
  readonly isSettled?: boolean | undefined;
  /** Whether the row repeats the login and the unique values of an earlier row because it is about the same user. */
  readonly isSameUser?: boolean | undefined;
  readonly explainRepeated?: ExplainRepeated | undefined;
}

/**
 * Creates the validator of one file.
 *
 * It remembers logins and unique values, so call it once for every row, in the order of the file. The first row with a login keeps it,
 * even if that row has other problems: only a person can decide which of the two is right.
 *
 * For a settled row, which an earlier process of the run has completed, it only remembers these values.
 */
export function createRowValidator(options: RowValidatorOptions): RowValidator {
  const { schemaFor, columnOf, isOrgSchema, canAskOrg = isOrgSchema } = options;
  const isOptionalInSomeOrgs = (name: string): boolean => !isOrgSchema && OPTIONAL_IN_SOME_ORGS.has(name);
  // A warning quotes the value, which may be a secret in the wrong column.
  const onWarning: RowValidatorOptions['onWarning'] =
    options.onWarning &&
    ((warning, mapped) => {
      if (mapped.hiddenIf !== 'any-problem') options.onWarning?.(warning, mapped);
    });
  const formats = createFormatChecks();
  const compiledSchemas = new Map<ProfileSchema, CompiledSchema>();
  const { memory = createRowMemory(), groupColumns } = options;
  const detectDuplicate = createDuplicateDetector(memory);
  const warnings = onWarning && createRowWarnings(columnOf, onWarning, { memory, groupColumns });

  const usesOfUnknown = new Map<string, TextUse>();
  /** The use of an attribute that the schema does not have, as offline. */
  const useOfUnknown = (name: string): TextUse => {
    const use = usesOfUnknown.get(name) ?? textUseOf(name, false, undefined);
    usesOfUnknown.set(name, use);
    return use;
  };

  // If one cell is both, its problems are reported for the login only.
  const loginColumn = columnOf('profile.login');
  const isLoginFromEmail = loginColumn !== undefined && loginColumn === columnOf('profile.email');

  const compiledSchemaFor = (type: string | undefined): CompiledSchema => {
    const schema = schemaFor(type) ?? baseSchema;
    let compiled = compiledSchemas.get(schema);
    if (compiled === undefined) {
      compiled = compileSchema(schema, formats);
      compiledSchemas.set(schema, compiled);
    }
    return compiled;
  };

  return (mapped, { isSettled = false, isSameUser = false, explainRepeated } = {}) => {
    if (!mapped.isReadable) return mapped.problems;
    const { request, row } = mapped;
    const { profile } = request;
    const schema = compiledSchemaFor(mapped.type);
    if (isSettled) {
      if (isSameUser) return mapped.problems;
      for (const name in profile) {
        const value = profile[name];
        const attribute = schema.attributes.get(name);
        if (isAbsent(value) || attribute === undefined) continue;
        if (attribute.isUnique) detectDuplicate(name, value, row);
        else if (attribute.isUniqueInSomeOrgs) warnings?.checkShared(name, String(value), mapped);
      }
      return mapped.problems;
    }
    const isWholeSchema = isOrgSchema && schemaFor(mapped.type) !== undefined;
    let problems: Problem[] | undefined;
    let sharedValues: (() => void)[] | undefined;
    if (onWarning !== undefined && mapped.warnings !== undefined) {
      for (const warning of mapped.warnings) onWarning(warning, mapped);
    }

    const add = (path: string, { code, message }: ValueProblem, blocksOnlyCreate = false): void => {
      const column = columnOf(path);
      problems ??= [...mapped.problems];
      // A value that could not be read is not missing.
      const isImplied = isAboutAbsence(code) || (isLoginFromEmail && path === 'profile.email');
      const isKnown = column !== undefined && problems.some((problem) => problem.column === column);
      // An invisible character is why it is no address.
      const isExplained =
        ADDRESS_CODES.has(code) &&
        problems.some((one) => one.column === column && one.code === 'invisible-character');
      if ((isImplied && isKnown) || isExplained) return;
      problems.push({ code, column, message, ...(blocksOnlyCreate && { blocksOnlyCreate }) });
    };

    const checkCharacters = (name: string, text: string, attribute: CompiledAttribute | undefined): void => {
      const isAddress = attribute?.isAddress === true;
      const problem = characterProblem(name, text, isAddress);
      if (problem !== undefined) add(`profile.${name}`, problem);
      else if (!isAddress) warnings?.checkCharacters(name, text, mapped);
    };

    for (const name of schema.required) {
      if (!isAbsent(profile[name])) continue;
      // The org knows, but does not show its schema: it rejects the row if it has to.
      if (canAskOrg && isOptionalInSomeOrgs(name)) continue;
      // Null is to be written to an existing user, too.
      const isLeftOut = profile[name] === undefined;
      const problem = requiredMissing(name, columnOf(`profile.${name}`), isOptionalInSomeOrgs(name));
      add(`profile.${name}`, problem, isLeftOut);
    }
    for (const name in profile) {
      const value = profile[name];
      if (isAbsent(value)) continue;
      const attribute = schema.attributes.get(name);
      if (typeof value === 'string') {
        const classes = characterClasses(value);
        if ((classes & NOT_PLAIN) !== 0) checkCharacters(name, value, attribute);
        const use = attribute?.use ?? useOfUnknown(name);
        const found = findProgramOutput(name, value, use, classes);
        if (found !== undefined && isStrict(use)) add(`profile.${name}`, found);
        else if (found !== undefined) warnings?.warn(name, found, mapped);
        else if ((classes & NOTATION_MARK) !== 0) warnings?.checkLostCharacters(name, value, use, mapped);
        if (value.startsWith("'")) warnings?.checkApostrophe(name, value, use, mapped);
        if (use === 'name' && found === undefined) warnings?.checkName(name, value, mapped);
        if (use === 'phone' && found === undefined) warnings?.checkPhone(name, value, mapped);
        if (attribute?.isIdentifier === true) warnings?.checkLeadingZeros(name, value, mapped);
        warnings?.checkMadeDate(name, value, mapped);
        // An email that is also the login is reported once.
        if (attribute?.isAddress === true && (name === 'login' || value !== profile['login'])) {
          warnings?.checkDomain(name, value, mapped);
        }
      }
      if (attribute === undefined) {
        if (isWholeSchema) add(`profile.${name}`, attributeUnknown(name, mapped.type));
        continue;
      }
      if (attribute.isReadOnly) add(`profile.${name}`, attributeReadOnly(name));
      const ofValue = attribute.problemsOf(value);
      // Nearly always empty, and V8 allocates two objects to iterate even that.
      if (ofValue.length > 0) {
        for (const problem of ofValue) {
          // The login of an existing user may be older than the rules for logins, and is never written.
          add(`profile.${name}`, problem, name === 'login');
        }
      }
      if (isSameUser) continue;
      if (attribute.isUnique) {
        const problem = detectDuplicate(name, value, row, explainRepeated);
        if (problem !== undefined) add(`profile.${name}`, problem);
      } else if (attribute.isUniqueInSomeOrgs) {
        const warn = warnings?.checkShared(name, String(value), mapped);
        if (warn !== undefined) (sharedValues ??= []).push(warn);
      }
    }
    if (request.credentials !== undefined || options.changePassword) {
      const isGenerated = mapped.passwordLength !== undefined;
      for (const problem of checkCredentials(request.credentials, { ...options, isGenerated })) {
        add(problem.path, problem, true);
      }
    }
    if (!canAskOrg && mapped.groups.some(isEveryone)) add('groupIds', GROUP_EVERYONE);
    for (const group of mapped.groups) {
      const message = groupNameProblem(group);
      if (message !== undefined) add('groupIds', { code: 'group-name', message });
      else if (!canAskOrg && !mapped.hasGroupList) warnings?.checkGroup(group, mapped);
    }
    // Of two rows for one user, the login says enough.
    if (sharedValues !== undefined && problems?.some(({ code }) => code === 'login-repeated') !== true) {
      for (const warn of sharedValues) warn();
    }
    const shifted = problems && detectShiftedRow(profile, problems, mapped.hiddenIf);
    if (shifted !== undefined) return [shifted];
    const noPerson =
      problems && mapped.hiddenIf === undefined ? detectNoPerson(profile, problems, columnOf) : undefined;
    if (noPerson !== undefined) return [noPerson];
    return problems ?? mapped.problems;
  };
}

interface CompiledSchema {
  readonly attributes: ReadonlyMap<string, CompiledAttribute>;
  readonly required: readonly string[];
}

function compileSchema(
  { attributes, required }: ProfileSchema,
  formats: ReadonlyMap<string, FormatCheck>,
): CompiledSchema {
  return {
    attributes: new Map(
      Object.entries(attributes).map(([name, attribute]) => [
        name,
        compileAttribute(name, attribute, formats),
      ]),
    ),
    // Okta fills in defaults itself.
    required: required.filter((name) => (attributes[name]?.default ?? null) === null),
  };
}

function isAbsent(value: ProfileValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function isAboutAbsence(code: ProblemCode): boolean {
  return (
    code === 'required-missing' ||
    code === 'hash-field-missing' ||
    code === 'recovery-incomplete' ||
    code === 'change-password-without-password'
  );
}

const ADDRESS_CODES: ReadonlySet<ProblemCode> = new Set(['login-not-an-email', 'not-an-email']);

/** Attributes of Okta's base schema that an org can make optional. */
const OPTIONAL_IN_SOME_ORGS: ReadonlySet<string> = new Set(['firstName', 'lastName']);

function requiredMissing(
  name: string,
  column: string | undefined,
  isOptionalInSomeOrgs: boolean,
): ValueProblem {
  const unless = ' unless your org made it optional';
  const needs = isOptionalInSomeOrgs ? `${name} is required${unless}` : `Okta requires ${name}`;
  const isEmpty = isOptionalInSomeOrgs
    ? `${name} is empty, but required${unless}.`
    : `${name} is required but empty.`;
  const message =
    column === undefined
      ? `${needs}, but no single column of the file provides it. Add or map one.`
      : isEmpty;
  return { code: 'required-missing', message };
}

function attributeUnknown(name: string, type: string | undefined): ValueProblem {
  const userType = type === undefined ? 'The default user type' : `User type ${quoted(type)}`;
  const message = `${userType} has no attribute ${name}. Clear the cell, or change the user type of the row.`;
  return { code: 'attribute-unknown', message };
}

function attributeReadOnly(name: string): ValueProblem {
  return { code: 'attribute-read-only', message: `${name} is read-only in this org. Clear the cell.` };
}

const GROUP_EVERYONE: ValueProblem = { code: 'group-everyone', message: EVERYONE_MESSAGE };
