import * as z from 'zod';
import type { Localizer } from '../core/localizer.ts';

/** What values a setting may have, and how one is written in a flag or an environment variable. */
export interface SettingType<T> {
  /** Validates the value as JSON; also the source of a JSON Schema for editors. */
  readonly schema: z.ZodType<T>;
  /** Validates what `schema` has made of it, where that is of another form: settings go from process to process as JSON. */
  readonly resolved?: z.ZodType<T>;
  /** What is allowed, as the end of a sentence that begins "It must be". */
  readonly allowed: (l10n: Localizer) => string;
  /** Stands for the value in `--help`; '' where a flag needs no value. */
  readonly placeholder: string;
  /** The JSON value that a text stands for; still to be validated. */
  fromText(text: string): unknown;
  /** A file or folder: a relative one belongs to where it was written, and `~` is the home folder. */
  readonly isPath?: boolean;
}

/** A client model name (exact, or with `*`) and the model that answers for it. */
export interface ModelRule {
  readonly pattern: string;
  readonly model: string;
}

/** setTimeout takes no longer delay than 2^31 - 1 milliseconds. */
const longestSeconds = 2_147_483;

const sameText = (text: string): unknown => text;

function numberFromText(text: string): unknown {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}

function listFromText(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function isUrlOf(protocols: readonly string[]): (text: string) => boolean {
  return (text) => text === '' || (URL.canParse(text) && protocols.includes(new URL(text).protocol));
}

export function text(placeholder: string): SettingType<string> {
  return { schema: z.string(), allowed: (l10n) => l10n.t('text'), placeholder, fromText: sameText };
}

export function requiredText(placeholder: string): SettingType<string> {
  return {
    schema: z.string().trim().min(1),
    allowed: (l10n) => l10n.t('text that is not empty'),
    placeholder,
    fromText: sameText,
  };
}

export function path(placeholder: string): SettingType<string> {
  return { ...text(placeholder), allowed: (l10n) => l10n.t('a path'), isPath: true };
}

export function httpUrl(): SettingType<string> {
  return {
    schema: z
      .string()
      .trim()
      .refine(isUrlOf(['http:', 'https:'])),
    allowed: (l10n) => l10n.t('an http:// or https:// URL'),
    placeholder: 'URL',
    fromText: sameText,
  };
}

export function websocketUrl(): SettingType<string> {
  return {
    schema: z
      .string()
      .trim()
      .refine(isUrlOf(['ws:', 'wss:'])),
    allowed: (l10n) => l10n.t('a ws:// or wss:// URL'),
    placeholder: 'URL',
    fromText: sameText,
  };
}

export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
): SettingType<Values[number]> {
  return {
    schema: z.enum(values),
    allowed: (l10n) => l10n.t('one of {0}', values.join(', ')),
    placeholder: values.join('|'),
    fromText: (typed) => typed.trim().toLowerCase(),
  };
}

export function integer(minimum: number, maximum: number, placeholder = 'N'): SettingType<number> {
  return {
    schema: z.int().min(minimum).max(maximum),
    allowed: (l10n) => l10n.t('a whole number from {0} to {1}', minimum, maximum),
    placeholder,
    fromText: numberFromText,
  };
}

/** A duration in seconds, fractions allowed; 0 stands for none. */
export function seconds(): SettingType<number> {
  return {
    schema: z.number().min(0).max(longestSeconds),
    allowed: (l10n) => l10n.t('a number of seconds from 0 (none) to {0}', longestSeconds),
    placeholder: 'SECONDS',
    fromText: numberFromText,
  };
}

/** A size in megabytes of 1,000,000 bytes, fractions allowed. */
export function megabytes(maximum: number): SettingType<number> {
  return {
    schema: z.number().positive().max(maximum),
    allowed: (l10n) => l10n.t('a number of megabytes above 0, at most {0}', maximum),
    placeholder: 'MB',
    fromText: numberFromText,
  };
}

const booleanWords = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

export function boolean(): SettingType<boolean> {
  return {
    schema: z.boolean(),
    allowed: (l10n) => l10n.t('true or false'),
    placeholder: '',
    fromText: (typed) => booleanWords.get(typed.trim().toLowerCase()) ?? typed,
  };
}

export function textList(placeholder: string): SettingType<readonly string[]> {
  return {
    schema: z.array(z.string().trim().min(1)),
    allowed: (l10n) => l10n.t('a list of names (in text separated by commas)'),
    placeholder,
    fromText: listFromText,
  };
}

/** Web origins; `*` is not one on purpose. */
export function originList(): SettingType<readonly string[]> {
  return {
    schema: z.array(z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s/*?#@]+$/i)),
    allowed: (l10n) =>
      l10n.t('a list of origins such as https://example.org (in text separated by commas, no path, no *)'),
    placeholder: 'ORIGIN,...',
    fromText: listFromText,
  };
}

export function modelRules(): SettingType<readonly ModelRule[]> {
  return {
    schema: z.array(z.object({ pattern: z.string().trim().min(1), model: z.string().trim().min(1) })),
    allowed: (l10n) => l10n.t('a list of {"pattern", "model"} (in text PATTERN=MODEL, separated by commas)'),
    placeholder: 'PATTERN=MODEL,...',
    fromText: (typed) =>
      listFromText(typed).map((entry) => {
        const at = entry.lastIndexOf('=');
        return at < 0 ? entry : { pattern: entry.slice(0, at), model: entry.slice(at + 1) };
      }),
  };
}
