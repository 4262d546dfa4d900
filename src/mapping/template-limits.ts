import type * as LiquidModule from 'liquidjs';
import type { Context, FilterImplOptions, Liquid, LiquidOptions, Operators } from 'liquidjs';

/** Loop passes, tags and outputs that one row may take. */
const MAX_STEPS = 5000;
/** Characters that the filters, comparisons and outputs of one row may read or create. */
const MAX_SIZE = 50_000;
/** A list item counts as this many characters, since a filter may evaluate an expression for it. */
const ITEM_SIZE = 20;

/** The template needs more work for one row than is allowed. */
class TemplateLimitError extends Error {}

/**
 * Limits of a Liquid engine that count work instead of time: whether a row is valid must not depend on how busy the machine
 * is. They are far above what a name or an address needs, and low enough for a million rows.
 */
export const LIMITS = { parseLimit: 10_000, memoryLimit: MAX_SIZE };

/** A context for rendering one template for one row. */
export function limitedContext(
  { Context: LiquidContext }: typeof LiquidModule,
  liquid: Liquid,
  scope: object,
): Context {
  const context = new LiquidContext(scope, liquid.options, { sync: true }, { liquid });
  let steps = 0;
  // Liquid calls this before each tag, each output and each pass of a loop, to compare times.
  context.renderLimit.check = () => {
    steps += 1;
    if (steps > MAX_STEPS) throw new TemplateLimitError(`it takes more than ${MAX_STEPS} steps`);
  };
  let size = 0;
  context.memoryLimit.use = (count) => {
    size += Math.max(count, 0);
    if (size > MAX_SIZE) {
      throw new TemplateLimitError(
        `it processes more than ${MAX_SIZE} characters, or ${MAX_SIZE / ITEM_SIZE} list items`,
      );
    }
  };
  return context;
}

/** Counts the input of each filter; Liquid counts what some of them create. */
export function limitFilters(liquid: Liquid): void {
  for (const [name, filter] of Object.entries(liquid.filters)) liquid.registerFilter(name, limited(filter));
}

function limited(filter: FilterImplOptions): FilterImplOptions {
  const { handler, raw } = typeof filter === 'function' ? { handler: filter, raw: false } : filter;
  return {
    raw,
    handler(value: unknown, ...args: unknown[]): unknown {
      this.context.memoryLimit.use(sizeOf(value));
      return Reflect.apply(handler, this, [value, ...args]);
    },
  };
}

/** Counts the operands of the operators whose work grows with them. */
export function limitedOperators({ defaultOperators }: typeof LiquidModule): Operators {
  const operators: Operators = { ...defaultOperators };
  for (const name of ['==', '!=', 'contains']) {
    const handler = defaultOperators[name];
    if (handler === undefined) continue;
    operators[name] = (left: unknown, right: unknown, context: Context) => {
      context.memoryLimit.use(sizeOf(left) + sizeOf(right));
      return Reflect.apply(handler, undefined, [left, right, context]);
    };
  }
  return operators;
}

/** Counts what is output. */
export const limitOutput: NonNullable<LiquidOptions['outputEscape']> = function (
  this: { readonly context: Context },
  value,
) {
  this.context.memoryLimit.use(sizeOf(value));
  return value;
};

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length * ITEM_SIZE;
  return typeof value === 'string' ? value.length : 0;
}
