import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type * as LiquidModule from 'liquidjs';
import type { Liquid, StaticAnalysis, Template } from 'liquidjs';
import type * as QrModule from 'uqr';

import type { OrgBrand } from '../org/org-brand.js';
import { lazyRequire } from '../lazy-require.js';
import { Secret } from '../secret.js';
import { messageOf } from '../text.js';

import { BUILT_IN_LETTER } from './built-in-letter.js';
import { bestLanguage, isLanguage } from './languages.js';
import { LettersFileError } from './letters-file.js';
import type { Letter } from './letter.js';

/** The text of letters, in one or more languages. */
export interface LetterTemplate {
  /** @returns HTML, and its language. */
  render(letter: Letter): { readonly html: string; readonly language: string };
}

export interface LetterTemplateOptions {
  /** A Liquid file such as `letter.liquid.html`; `letter.de.liquid.html` beside it is its German translation. Default: built in. */
  readonly path: string | undefined;
  readonly org: OrgBrand;
  /** What people need to sign in: a template that does not show it is refused. Default: the link. */
  readonly shows?: 'link' | 'password' | undefined;
}

/** The language of a template without one in its name. */
const DEFAULT_LANGUAGE = 'en';

/** Tags that read other files. */
const FILE_TAGS = ['include', 'render', 'layout', 'block'];
/** Limit for a template, with a logo in it. */
const MAX_TEMPLATE_CHARACTERS = 10_000_000;
/** Limit for the values that a template creates, in items and characters, as LiquidJS counts them. */
const MAX_MEMORY = 10_000_000;
/** A sample takes milliseconds. Letters get more time, because their links are issued by then. */
const MAX_SAMPLE_MS = 2000;
const MAX_LETTER_MS = 60_000;

/**
 * Compiles the templates and renders each once, so that a mistake is found before the first link is issued.
 *
 * A template can use `firstName`, `lastName`, `login`, `email`, `link`, `password`, `hasLink`, `expires` (a date in the letter's
 * language), `qr` (an SVG image of the link) and `org.name`, `org.url` and `org.logo`. Everything but `qr` is escaped.
 *
 * @throws {LettersFileError} a template cannot be read or is wrong.
 */
export async function readLetterTemplate({
  path,
  org,
  shows = 'link',
}: LetterTemplateOptions): Promise<LetterTemplate> {
  const sources =
    path === undefined
      ? new Map([[DEFAULT_LANGUAGE, { name: 'the letter', text: BUILT_IN_LETTER }]])
      : await readSources(path);
  const engine = createEngine();
  const templates = new Map<string, (letter: Letter) => string>();
  for (const [language, { name, text }] of sources) {
    const render = compile(engine, text, name, { org, language });
    const renderSample = (letter: Letter): string => render(letter, MAX_SAMPLE_MS);
    renderSample({ ...SAMPLE, link: undefined, expiresAtMs: undefined });
    assertShown(shows, renderSample, name);
    templates.set(language, (letter) => render(letter, MAX_LETTER_MS));
  }
  const first = templates.keys().next().value ?? DEFAULT_LANGUAGE;
  const fallback = templates.has(DEFAULT_LANGUAGE) ? DEFAULT_LANGUAGE : first;
  return {
    render(letter) {
      const language = bestLanguage(letter.language, templates) ?? fallback;
      return { html: templates.get(language)?.(letter) ?? '', language };
    },
  };
}

/** @throws {LettersFileError} people would get letters with which they cannot sign in. */
function assertShown(shows: 'link' | 'password', render: (letter: Letter) => string, name: string): void {
  const [link, password] = [
    render(SAMPLE),
    render({ ...SAMPLE, link: undefined, password: SAMPLE_PASSWORD }),
  ];
  const isShown =
    shows === 'link'
      ? link.includes(SAMPLE_LINK.reveal()) || link.includes(qrCode(SAMPLE_LINK.reveal()))
      : password.includes(SAMPLE_PASSWORD.reveal());
  if (isShown) return;
  const variables = shows === 'link' ? '{{ link }} or {{ qr | raw }}' : '{{ password }}';
  throw new LettersFileError(`The letter template ${name} does not show the ${shows}.`, {
    hint: `Write ${variables} into the template.`,
  });
}

/** A template and its translations, by language. */
async function readSources(
  path: string,
): Promise<Map<string, { readonly name: string; readonly text: string }>> {
  const [, stem = '', ending = ''] = /^(.*?)(\.liquid\.html|\.[^.]*)?$/.exec(basename(path)) ?? [];
  try {
    const sources = new Map([[DEFAULT_LANGUAGE, { name: path, text: await readFile(path, 'utf8') }]]);
    for (const file of (await readdir(dirname(path))).toSorted()) {
      const middle =
        file.startsWith(`${stem}.`) && file.endsWith(ending)
          ? file.slice(stem.length + 1, -ending.length || undefined)
          : '';
      const language = middle.replaceAll('_', '-').toLowerCase();
      if (!isLanguage(language)) continue;
      const translation = join(dirname(path), file);
      sources.set(language, {
        name: translation,
        text: await readFile(translation, 'utf8'),
      });
    }
    return sources;
  } catch (error) {
    throw new LettersFileError(`Cannot read the letter template ${path}: ${messageOf(error)}.`, {
      hint: 'Check the path given with --letter.',
      cause: error,
    });
  }
}

function createEngine(): Liquid {
  const { Liquid: LiquidEngine }: typeof LiquidModule = lazyRequire('liquidjs');
  const engine = new LiquidEngine({
    outputEscape: 'escape',
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: MAX_TEMPLATE_CHARACTERS,
    memoryLimit: MAX_MEMORY,
    // No file but the template is read.
    templates: {},
  });
  for (const tag of FILE_TAGS) delete engine.tags[tag];
  return engine;
}

function compile(
  engine: Liquid,
  text: string,
  name: string,
  { org, language }: { readonly org: OrgBrand; readonly language: string },
): (letter: Letter, renderLimit: number) => string {
  const failed = (error: unknown): LettersFileError =>
    new LettersFileError(`The letter template ${name} is wrong: ${messageOf(error)}.`, {
      hint: 'Use firstName, lastName, login, email, link, password, hasLink, expires, qr, org.name, org.url and org.logo.',
      cause: error,
    });
  let template: Template[];
  try {
    template = engine.parse(text);
    // Includes branches that no sample reaches.
    assertKnown(Object.values(engine.analyzeSync(template).globals).flat());
  } catch (error) {
    throw failed(error);
  }
  const dates = new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return (letter, renderLimit) => {
    const { firstName, lastName, login, email, expiresAtMs } = letter;
    const link = letter.link?.reveal() ?? '';
    const scope: Readonly<Record<Variable, unknown>> = {
      firstName,
      lastName,
      login,
      email,
      link,
      hasLink: link !== '',
      password: letter.password?.reveal() ?? '',
      expires: expiresAtMs === undefined ? '' : dates.format(expiresAtMs),
      qr: link === '' ? '' : qrCode(link),
      org: { name: org.name, url: org.url, logo: org.logo ?? '' },
    };
    try {
      return String(engine.renderSync(template, scope, { renderLimit }));
    } catch (error) {
      throw failed(error);
    }
  };
}

const VARIABLES = [
  'firstName',
  'lastName',
  'login',
  'email',
  'link',
  'hasLink',
  'password',
  'expires',
  'qr',
  'org',
] as const;
type Variable = (typeof VARIABLES)[number];
type GlobalVariable = StaticAnalysis['globals'][string][number];

/** @throws a template uses a variable that no letter has. */
function assertKnown(used: readonly GlobalVariable[]): void {
  const known: ReadonlySet<unknown> = new Set(VARIABLES);
  const ofOrg: ReadonlySet<unknown> = new Set(['name', 'url', 'logo']);
  for (const { segments, location } of used) {
    const [name, part] = segments;
    if (known.has(name) && (name !== 'org' || part === undefined || ofOrg.has(part))) continue;
    throw new Error(`undefined variable: ${segments.join('.')}, line:${location.row}, col:${location.col}`);
  }
}

/** An SVG image without a fixed size. */
export function qrCode(text: string): string {
  const { renderSVG }: typeof QrModule = lazyRequire('uqr');
  return renderSVG(text, { ecc: 'M', border: 4 });
}

const SAMPLE_LINK = new Secret('https://example.com/tokens/sample/verify');
const SAMPLE_PASSWORD = new Secret('SamplePassword');

const SAMPLE: Letter = {
  oktaId: '00u1',
  login: 'ann.lee@example.com',
  firstName: 'Ann',
  lastName: 'Lee',
  email: 'ann.lee@example.com',
  language: undefined,
  link: SAMPLE_LINK,
  password: undefined,
  expiresAtMs: 0,
};
