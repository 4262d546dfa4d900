import type { ProfileValue } from '../okta/types.js';
import type { MappedRow } from '../mapping/user-request.js';
import type { ValueProblem, Problem, ProblemCode } from '../rows/problem.js';
import { compileAttribute, type CompiledAttribute } from './attribute.js';
import { characterProblem, isPlain } from './characters.js';
import { quoted } from '../text.js';
import { checkCredentials } from './credentials.js';
import { createFormatChecks, type FormatCheck } from './formats.js';
import { foldLogin } from './login.js';
import { DigestTable } from '../digest-table.js';
import { isShifted, rowShifted } from './detect-shifted-row.js';
import { baseSchema, type ProfileSchema } from './user-schema.js';
import { createRowWarnings } from './row-warnings.js';

export interface RowValidatorOptions {
  /**
   * The schema of a user type by name or id, of the default type for undefined. Give the same object for the same type:
   * it is compiled once. Undefined for a type that nobody knows: then only what every Okta user needs is checked.
   */
  readonly schemaFor: (type: string | undefined) => ProfileSchema | undefined;
  readonly activate: boolean;
  readonly changePassword: boolean;
  /** See `Mapping`. */
  readonly columnOf: (path: string) => string | undefined;
  /** False offline: attributes beyond the schema may well exist. */
  readonly isOrgSchema: boolean;
  /** Is told what is odd about a row and does not keep it from being sent, before the row's problems are returned. */
  readonly onWarning?: ((warning: Problem, mapped: MappedRow) => void) | undefined;
}

/**
 * Makes the check of one file's rows: all problems of a row at once, those of its mapping first.
 *
 * The check remembers logins and unique values, so give it every row once, in the order of the file. The first row with
 * a login holds it, whether or not that row has problems of its own: which of the two is meant is for a person to say.
 *
 * Of a row that is settled, in an earlier process of the run, it only remembers those.
 */
export function createRowValidator(
  options: RowValidatorOptions,
): (mapped: MappedRow, isSettled?: boolean) => readonly Problem[] {
  const { schemaFor, columnOf, isOrgSchema } = options;
  const formats = createFormatChecks();
  const compiled = new Map<ProfileSchema, CompiledSchema>();
  const repeats = createDuplicateDetector();
  const warn = options.onWarning && createRowWarnings(columnOf, options.onWarning);

  // One cell for both: what is wrong with it is said of the login, and not again of the email.
  const isLoginFromEmail = (): boolean => {
    const loginColumn = columnOf('profile.login');
    return loginColumn !== undefined && loginColumn === columnOf('profile.email');
  };

  const compiledFor = (type: string | undefined): CompiledSchema => {
    const schema = schemaFor(type);
    const known = compiled.get(schema ?? baseSchema);
    if (known !== undefined) return known;
    const fresh = compileSchema(schema ?? baseSchema, formats);
    compiled.set(schema ?? baseSchema, fresh);
    return fresh;
  };

  return (mapped, isSettled = false) => {
    if (!mapped.isReadable) return mapped.problems;
    const { request, row } = mapped;
    const { profile } = request;
    const schema = compiledFor(mapped.type);
    if (isSettled) {
      for (const name in profile) {
        const value = profile[name];
        if (isAbsent(value) || !(name === 'login' || schema.attributes.get(name)?.isUnique)) continue;
        repeats(name, value, row.line);
      }
      return mapped.problems;
    }
    const isWholeSchema = isOrgSchema && schemaFor(mapped.type) !== undefined;
    let problems: Problem[] | undefined;
    if (warn !== undefined && mapped.warnings !== undefined) warn.forward(mapped.warnings, mapped);

    const add = (path: string, { code, message }: ValueProblem): void => {
      const column = columnOf(path);
      problems ??= [...mapped.problems];
      // What could not be read is not missing as well.
      const isImplied = isAboutAbsence(code) || (path === 'profile.email' && isLoginFromEmail());
      const isKnown = column !== undefined && problems.some((problem) => problem.column === column);
      if (!isImplied || !isKnown) problems.push({ code, column, message });
    };

    const checkCharacters = (name: string, text: string, attribute: CompiledAttribute | undefined): void => {
      const isAddress = attribute?.isAddress === true;
      const fault = characterProblem(name, text, isAddress);
      if (fault !== undefined) add(`profile.${name}`, fault);
      else if (!isAddress) warn?.checkCharacters(name, text, mapped);
    };

    for (const name of schema.required) {
      if (!isAbsent(profile[name])) continue;
      add(`profile.${name}`, requiredMissing(name, columnOf(`profile.${name}`)));
    }
    for (const name in profile) {
      const value = profile[name];
      if (isAbsent(value)) continue;
      const attribute = schema.attributes.get(name);
      if (typeof value === 'string') {
        if (!isPlain(value)) checkCharacters(name, value, attribute);
        if (value.startsWith("'")) warn?.checkApostrophe(name, value, mapped);
        if (attribute?.isIdentifier === true) warn?.checkLeadingZeros(name, value, mapped);
        // An email that is the login as well is spoken of once.
        if (attribute?.isAddress === true && (name === 'login' || value !== profile['login'])) {
          warn?.checkDomain(name, value, mapped);
        }
      }
      if (attribute === undefined) {
        if (isWholeSchema) add(`profile.${name}`, attributeUnknown(name, mapped.type));
        continue;
      }
      if (attribute.isReadOnly) add(`profile.${name}`, attributeReadOnly(name));
      for (const complaint of attribute.problemsOf(value)) add(`profile.${name}`, complaint);
      if (name === 'login' || attribute.isUnique) {
        const complaint = repeats(name, value, row.line);
        if (complaint !== undefined) add(`profile.${name}`, complaint);
      }
    }
    if (problems !== undefined && isShifted(profile, problems)) return [rowShifted(profile)];
    if (request.credentials !== undefined || options.changePassword) {
      for (const complaint of checkCredentials(request.credentials, options)) add(complaint.path, complaint);
    }
    if (mapped.groups.length > 0) {
      for (const complaint of checkGroups(mapped.groups)) add('groupIds', complaint);
    }
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
    // Okta fills in a default by itself (groups-types-schemas.md, section 3.3).
    required: required.filter((name) => (attributes[name]?.default ?? null) === null),
  };
}

/** Logins and unique attributes, each in a table of its own: types share the name space of an attribute. */
function createDuplicateDetector(): (name: string, value: unknown, line: number) => ValueProblem | undefined {
  const firstLines = new Map<string, DigestTable>();
  return (name, value, line) => {
    let lines = firstLines.get(name);
    if (lines === undefined) {
      lines = new DigestTable();
      firstLines.set(name, lines);
    }
    const text = String(value);
    const firstLine = lines.setIfAbsent(name === 'login' ? foldLogin(text) : text, line);
    if (firstLine === undefined) return undefined;
    if (name === 'login') {
      return {
        code: 'login-repeated',
        message: `Line ${line} has the same login as line ${firstLine}, ${quoted(text)} (case and accents do not count): change one, or take one row out.`,
      };
    }
    return {
      code: 'value-repeated',
      message: `Line ${line} has the same ${name} as line ${firstLine}, ${quoted(text)}, and Okta takes each only once: change one.`,
    };
  };
}

function checkGroups(groups: readonly string[]): readonly ValueProblem[] {
  const complaints: ValueProblem[] = [];
  if (groups.some((group) => group.toLowerCase() === 'everyone')) {
    complaints.push({
      code: 'group-everyone',
      message:
        'Everyone is in the group Everyone by itself, and Okta refuses to be told: take it out of the groups.',
    });
  }
  return complaints;
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

function requiredMissing(name: string, column: string | undefined): ValueProblem {
  const message =
    column === undefined
      ? `Okta requires ${name}, and no one column of the file feeds it: add or map one.`
      : `${name} is empty, and Okta requires it: fill it in.`;
  return { code: 'required-missing', message };
}

function attributeUnknown(name: string, type: string | undefined): ValueProblem {
  const whose = type === undefined ? 'The default user type' : `User type ${quoted(type)}`;
  return {
    code: 'attribute-unknown',
    message: `${whose} has no attribute ${name}: leave the cell empty, or give the row another type.`,
  };
}

function attributeReadOnly(name: string): ValueProblem {
  return { code: 'attribute-read-only', message: `${name} is read-only in this org: leave the cell empty.` };
}
