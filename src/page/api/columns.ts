import type { Notice } from './state.js';

export interface ColumnsState {
  readonly columns: readonly ColumnView[];
  readonly attributes: readonly AttributeView[];
  /** Whether the attributes are those of the org; otherwise they are Okta's base attributes. */
  readonly isOrgSchema: boolean;
  /** Why the attributes of the org are not known, although there is one. */
  readonly schemaProblem: Notice | undefined;
  /** Attributes that every new user needs and that no column feeds. */
  readonly missing: readonly string[];
  /** What keeps the mapping from being used, such as two columns for one attribute. */
  readonly problems: readonly { readonly column: string | undefined; readonly message: string }[];
  /** Name of the mapping file that was loaded; undefined for one made here. */
  readonly mappingName: string | undefined;
  /** Whether the mapping file that was loaded has comments, which a saved one has not. */
  readonly losesComments: boolean;
  /** Fields of a loaded mapping that the page can show, but not change, such as templates. */
  readonly fixedFields: readonly { readonly path: string; readonly text: string }[];
  /** The mapping file that the command line takes. */
  readonly yaml: string;
}

export interface ColumnView {
  readonly index: number;
  /** In the file, from 1; empty columns count. */
  readonly position: number;
  readonly name: string;
  /** Three different values, masked if they look secret, with what would be sent of each; `sent` is undefined while that is unknown. */
  readonly samples: readonly { readonly text: string; readonly sent: string | undefined }[];
  /** What is wrong with a value of the first rows. */
  readonly sampleProblem: string | undefined;
  /** The format of the dates among the first values, such as `dd.MM.yyyy`; undefined if they are no dates, or can be read in two ways. */
  readonly dateFormat: string | undefined;
  readonly use: ColumnUse;
  /** Other paths that it feeds besides that of `use`, such as the email of a login column. */
  readonly alsoFeeds: readonly string[];
  readonly confidence: 'certain' | 'likely' | 'none' | 'chosen';
  /** Why it is read so, in words. */
  readonly reason: string;
  /** Names of attributes that it may feed. */
  readonly candidates: readonly string[];
}

/** What a column is for. */
export type ColumnUse =
  | { readonly kind: 'undecided' }
  | { readonly kind: 'ignore' }
  /** Whole names, split into first and last names. */
  | { readonly kind: 'full-name' }
  /** Used by a field of the loaded mapping that the page does not change. */
  | { readonly kind: 'fixed'; readonly paths: readonly string[] }
  | {
      readonly kind: 'attribute';
      /** `profile.department`, `groupIds`, `credentials.password.value`, … */
      readonly path: string;
      /** What separates the values of a list: any of these. */
      readonly split?: readonly string[] | undefined;
      /** Of dates, such as `dd.MM.yyyy`. */
      readonly date?: string | undefined;
      /** Of phone numbers without a country code: ISO 3166, two letters. */
      readonly phoneCountry?: string | undefined;
      /** Values to replace, such as `DE` for `Germany`. */
      readonly values?: Readonly<Record<string, string>> | undefined;
    };

export interface AttributeView {
  readonly path: string;
  /** Name in Okta: `department`. */
  readonly name: string;
  /** Title in the org, or a label. */
  readonly label: string;
  /** `string`, `boolean`, `integer`, `number`, `array`; `groups`, `password`, `date` and the like for what is no attribute. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly isCustom: boolean;
  readonly oneOf: readonly string[];
}

export type MappingChange =
  /** `name` must be that of the column: another tab may have opened another file. */
  | { readonly kind: 'column'; readonly index: number; readonly name: string; readonly use: ColumnUse }
  | { readonly kind: 'ignore-undecided' }
  | { readonly kind: 'load'; readonly fileName: string; readonly yaml: string }
  /** Back to what the names of the columns say. */
  | { readonly kind: 'reset' };
