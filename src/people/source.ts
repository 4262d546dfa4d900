import type { ProfileValue } from '../okta/types.js';

/** Where a value comes from, as the mapping file or the header row says it. */
export type Source =
  | {
      readonly kind: 'column';
      readonly column: string;
      /** What separates the parts of the cell, for attributes and groups that take several. */
      readonly split?: string | undefined;
      /** How the cell writes dates: `dd/MM/yyyy`. */
      readonly date?: string | undefined;
    }
  | { readonly kind: 'template'; readonly template: string; readonly split?: string | undefined }
  | { readonly kind: 'constant'; readonly value: NonNullable<ProfileValue> };

/** One line of a mapping: the value at `path` of Okta's body comes from `source`. */
export interface Feed {
  readonly path: string;
  readonly source: Source;
  /** Line of the mapping file that says so; undefined when the header row does. */
  readonly line: number | undefined;
}
