import { OktaError } from './okta-error.js';

/** A SCIM-like expression of `filter` or `search`, parsed. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'compare';
      readonly property: string;
      readonly operator: string;
      readonly value: Literal;
    }
  | { readonly kind: 'present'; readonly property: string };

type Literal = string | number | boolean;

/** The properties and operators that `filter` or `search` of an endpoint supports. */
export interface Dialect<T> {
  /** The operators of a property; `undefined` for an unsupported property. Names are case-sensitive. */
  operatorsOf(property: string): readonly string[] | undefined;
  isDate(property: string): boolean;
  /** Whether strings are compared case-insensitively, as in `search` but not in `filter`. */
  readonly ignoresCase: boolean;
  /** A scalar, an array (which matches when one of its elements does) or nothing. */
  read(item: T, property: string): unknown;
}

type Token =
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string };

const TOKEN = /\s*(?:(?<open>\()|(?<close>\))|"(?<string>(?:[^"\\]|\\.)*)"|(?<word>[^\s()"]+))/y;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** yyyy-MM-dd'T'HH:mm:ss.SSSZZ, as required by `E0000030`; the fraction is optional. */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:?\d{2})$/;

/** @throws {OktaError} `E0000031` for an expression that the dialect does not support, `E0000030` for an invalid date. */
export function parseExpression<T>(text: string, dialect: Dialect<T>): Expression {
  const tokens = tokenize(text);
  let position = 0;

  const takeWord = (...words: string[]): boolean => {
    const token = tokens[position];
    if (token?.kind !== 'word' || !words.includes(token.text.toLowerCase())) return false;
    position += 1;
    return true;
  };
  const take = (): Token => {
    const token = tokens[position];
    position += 1;
    if (!token) throw new OktaError('E0000031');
    return token;
  };
  const parseOr = (): Expression => {
    let left = parseAnd();
    while (takeWord('or')) left = { kind: 'or', left, right: parseAnd() };
    return left;
  };
  const parseAnd = (): Expression => {
    let left = parseTerm();
    while (takeWord('and')) left = { kind: 'and', left, right: parseTerm() };
    return left;
  };
  const parseTerm = (): Expression => {
    const first = take();
    if (first.kind === 'open') {
      const inner = parseOr();
      if (take().kind !== 'close') throw new OktaError('E0000031');
      return inner;
    }
    const operator = take();
    if (first.kind !== 'word' || operator.kind !== 'word') throw new OktaError('E0000031');
    const name = operator.text.toLowerCase();
    if (!dialect.operatorsOf(first.text)?.includes(name)) throw new OktaError('E0000031');
    if (name === 'pr') return { kind: 'present', property: first.text };
    const value = literalOf(take());
    if (dialect.isDate(first.text) && !isDate(value)) throw new OktaError('E0000030');
    return { kind: 'compare', property: first.text, operator: name, value };
  };

  const expression = parseOr();
  if (position < tokens.length) throw new OktaError('E0000031');
  return expression;
}

/** Whether the expression matches an item. */
export function matches<T>(expression: Expression, item: T, dialect: Dialect<T>): boolean {
  switch (expression.kind) {
    case 'and':
      return matches(expression.left, item, dialect) && matches(expression.right, item, dialect);
    case 'or':
      return matches(expression.left, item, dialect) || matches(expression.right, item, dialect);
    case 'present':
      return valuesOf(item, expression.property, dialect).length > 0;
    case 'compare':
      return valuesOf(item, expression.property, dialect).some((value) =>
        compares(value, expression, dialect),
      );
    default:
      return expression satisfies never;
  }
}

/** The value that the expression requires a property to have, if any: allows the use of an index. */
export function requiredValue(expression: Expression, property: string): string | undefined {
  if (expression.kind === 'and') {
    return requiredValue(expression.left, property) ?? requiredValue(expression.right, property);
  }
  if (expression.kind !== 'compare' || expression.property !== property || expression.operator !== 'eq') {
    return undefined;
  }
  return String(expression.value);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw new OktaError('E0000031');
    if (groups['open'] !== undefined) tokens.push({ kind: 'open' });
    else if (groups['close'] !== undefined) tokens.push({ kind: 'close' });
    else if (groups['word'] !== undefined) tokens.push({ kind: 'word', text: groups['word'] });
    else tokens.push({ kind: 'string', text: (groups['string'] ?? '').replaceAll(/\\(.)/g, '$1') });
  }
  return tokens;
}

function literalOf(token: Token): Literal {
  if (token.kind === 'string') return token.text;
  if (token.kind !== 'word') throw new OktaError('E0000031');
  if (token.text === 'true') return true;
  if (token.text === 'false') return false;
  if (NUMBER.test(token.text)) return Number(token.text);
  throw new OktaError('E0000031');
}

function isDate(value: Literal): boolean {
  return typeof value === 'string' && DATE.test(value) && !Number.isNaN(Date.parse(value));
}

function valuesOf<T>(item: T, property: string, dialect: Dialect<T>): readonly unknown[] {
  const value = dialect.read(item, property);
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

function compares<T>(
  actual: unknown,
  wanted: Expression & { kind: 'compare' },
  dialect: Dialect<T>,
): boolean {
  const [left, right] = comparable(actual, wanted, dialect);
  if (typeof left !== typeof right) return false;
  switch (wanted.operator) {
    case 'eq':
      return left === right;
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
    case 'sw':
      return String(left).startsWith(String(right));
    case 'co':
      return String(left).includes(String(right));
    default:
      return false;
  }
}

function comparable<T>(
  actual: unknown,
  { property, value }: { property: string; value: Literal },
  dialect: Dialect<T>,
): [Literal, Literal] {
  if (dialect.isDate(property)) return [Date.parse(String(actual)), Date.parse(String(value))];
  if (typeof actual === 'number' || typeof actual === 'boolean') return [actual, value];
  const text = String(actual);
  if (typeof value !== 'string') return [text, value];
  return dialect.ignoresCase ? [text.toLowerCase(), value.toLowerCase()] : [text, value];
}
