import { isRecord, type JsonRecord } from '../core/json.ts';
import type { Localizer } from '../core/localizer.ts';
import { parseUrl } from '../core/parse-url.ts';

/**
 * What values a setting may have, and how one is written in a flag or an environment variable. Written without schemas: settings are
 * read before anything else is, and a start goes without loading the library of schemas.
 */
export interface SettingType<T> {
  /** The setting that a value of JSON stands for; undefined when it is not allowed. */
  readonly read: (value: unknown) => T | undefined;
  /** As `read`, of what `read` returned, where that is of another form: settings go from process to process as JSON. */
  readonly readResolved?: (value: unknown) => T | undefined;
  /** The values that `read` takes as far as JSON Schema can tell, for editors. */
  readonly jsonSchema: JsonRecord;
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

const readText = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Text that is not empty, without the space around it. */
function readWord(value: unknown): string | undefined {
  return readText(value)?.trim() || undefined;
}

function readUrl(value: unknown, protocols: readonly string[]): string | undefined {
  const url = readText(value)?.trim();
  if (url === undefined || url === '') return url;
  return protocols.includes(parseUrl(url)?.protocol ?? '') ? url : undefined;
}

/** Undefined unless it is a list of which every entry can be read. */
function readList<T>(value: unknown, readEntry: (entry: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = value.map(readEntry);
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

function readModelRule(value: unknown): ModelRule | undefined {
  if (!isRecord(value)) return undefined;
  const pattern = readWord(value['pattern']);
  const model = readWord(value['model']);
  return pattern === undefined || model === undefined ? undefined : { pattern, model };
}

const origin = /^[a-z][a-z0-9+.-]*:\/\/[^\s/*?#@]+$/i;

function readOrigin(value: unknown): string | undefined {
  return typeof value === 'string' && origin.test(value) ? value : undefined;
}

function readNumber(value: unknown, isAllowed: (value: number) => boolean): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && isAllowed(value) ? value : undefined;
}

const textSchema = { type: 'string' };
const wordSchema = { type: 'string', minLength: 1 };

export function text(placeholder: string): SettingType<string> {
  return {
    read: readText,
    jsonSchema: textSchema,
    allowed: (l10n) => l10n.t('text'),
    placeholder,
    fromText: sameText,
  };
}

export function requiredText(placeholder: string): SettingType<string> {
  return {
    read: readWord,
    jsonSchema: wordSchema,
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
    read: (value) => readUrl(value, ['http:', 'https:']),
    jsonSchema: textSchema,
    allowed: (l10n) => l10n.t('an http:// or https:// URL'),
    placeholder: 'URL',
    fromText: sameText,
  };
}

export function websocketUrl(): SettingType<string> {
  return {
    read: (value) => readUrl(value, ['ws:', 'wss:']),
    jsonSchema: textSchema,
    allowed: (l10n) => l10n.t('a ws:// or wss:// URL'),
    placeholder: 'URL',
    fromText: sameText,
  };
}

export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
): SettingType<Values[number]> {
  return {
    read: (value) => values.find((allowed) => allowed === value),
    jsonSchema: { type: 'string', enum: values },
    allowed: (l10n) => l10n.t('one of {0}', values.join(', ')),
    placeholder: values.join('|'),
    fromText: (typed) => typed.trim().toLowerCase(),
  };
}

export function integer(minimum: number, maximum: number, placeholder = 'N'): SettingType<number> {
  return {
    read: (value) =>
      Number.isSafeInteger(value) ? readNumber(value, (n) => n >= minimum && n <= maximum) : undefined,
    jsonSchema: { type: 'integer', minimum, maximum },
    allowed: (l10n) => l10n.t('a whole number from {0} to {1}', minimum, maximum),
    placeholder,
    fromText: numberFromText,
  };
}

/** A duration in seconds, fractions allowed; 0 stands for none. */
export function seconds(): SettingType<number> {
  return {
    read: (value) => readNumber(value, (n) => n >= 0 && n <= longestSeconds),
    jsonSchema: { type: 'number', minimum: 0, maximum: longestSeconds },
    allowed: (l10n) => l10n.t('a number of seconds from 0 (none) to {0}', longestSeconds),
    placeholder: 'SECONDS',
    fromText: numberFromText,
  };
}

/** A size in megabytes of 1,000,000 bytes, fractions allowed. */
export function megabytes(maximum: number): SettingType<number> {
  return {
    read: (value) => readNumber(value, (n) => n > 0 && n <= maximum),
    jsonSchema: { type: 'number', exclusiveMinimum: 0, maximum },
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
    read: (value) => (typeof value === 'boolean' ? value : undefined),
    jsonSchema: { type: 'boolean' },
    allowed: (l10n) => l10n.t('true or false'),
    placeholder: '',
    fromText: (typed) => booleanWords.get(typed.trim().toLowerCase()) ?? typed,
  };
}

export function textList(placeholder: string): SettingType<readonly string[]> {
  return {
    read: (value) => readList(value, readWord),
    jsonSchema: { type: 'array', items: wordSchema },
    allowed: (l10n) => l10n.t('a list of names (in text separated by commas)'),
    placeholder,
    fromText: listFromText,
  };
}

/** Web origins; `*` is not one on purpose. */
export function originList(): SettingType<readonly string[]> {
  return {
    read: (value) => readList(value, readOrigin),
    jsonSchema: { type: 'array', items: { type: 'string', pattern: origin.source } },
    allowed: (l10n) =>
      l10n.t('a list of origins such as https://example.org (in text separated by commas, no path, no *)'),
    placeholder: 'ORIGIN,...',
    fromText: listFromText,
  };
}

export function modelRules(): SettingType<readonly ModelRule[]> {
  return {
    read: (value) => readList(value, readModelRule),
    jsonSchema: {
      type: 'array',
      items: {
        type: 'object',
        properties: { pattern: wordSchema, model: wordSchema },
        required: ['pattern', 'model'],
      },
    },
    allowed: (l10n) => l10n.t('a list of {"pattern", "model"} (in text PATTERN=MODEL, separated by commas)'),
    placeholder: 'PATTERN=MODEL,...',
    fromText: (typed) =>
      listFromText(typed).map((entry) => {
        const at = entry.lastIndexOf('=');
        return at < 0 ? entry : { pattern: entry.slice(0, at), model: entry.slice(at + 1) };
      }),
  };
}
