import { parse, stringify, TomlError } from 'smol-toml';
import { isRecord } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import { type ConfigFormat, ConfigSyntaxError, lineEndOf, shortened, splice } from './config-format.ts';
import { type TomlStatement, tomlStatements } from './toml-statements.ts';

/** TOML, changed statement by statement. Values inside of inline tables, and entries of arrays of tables, are out of reach. */
export const tomlFormat: ConfigFormat = {
  title: 'TOML',

  parse(text) {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      throw new ConfigSyntaxError(
        phrase(
          'line {0}: {1}',
          error.line,
          shortened(error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '')),
        ),
      );
    }
  },

  edit(text, { path, value }) {
    const keys = path.filter((step) => typeof step === 'string');
    if (keys.length !== path.length) return undefined;
    try {
      if (value === undefined) return remove(text, keys);
      if (isRecord(value)) return appendTable(remove(text, keys), keys, value);
      return setValue(text, keys, value);
    } catch (error) {
      // The library takes it for TOML, and its statements cannot be told apart here.
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  },
};

function setValue(text: string, keys: readonly string[], value: unknown): string {
  const statements = tomlStatements(text);
  const shown = print({ value }).slice('value = '.length);
  const existing = statements.find(({ kind, path }) => kind === 'value' && isPath(path, keys));
  if (existing) return splice(text, existing.valueStart, existing.valueEnd, shown);
  const table = keys.slice(0, -1);
  const line = print(Object.fromEntries([[keys.at(-1) ?? '', value]]));
  const at = endOfTable(text, statements, table);
  if (at === undefined) return appendTable(text, table, { [keys.at(-1) ?? '']: value });
  const eol = lineEndOf(text);
  const before = at > 0 && text[at - 1] !== '\n' ? eol : '';
  const isFirst = at === 0 && text.trim() !== '';
  return splice(text, at, at, `${before}${line}${eol}${isFirst ? eol : ''}`);
}

/** Where a new key of a table goes: behind its last one. Undefined when the table has no header. */
function endOfTable(
  text: string,
  statements: readonly TomlStatement[],
  table: readonly string[],
): number | undefined {
  const header = statements.findIndex(({ kind, path }) => kind === 'header' && isPath(path, table));
  if (header < 0 && table.length > 0) return undefined;
  const next = statements.findIndex(({ kind }, index) => index > header && kind === 'header');
  const own = statements.slice(header + 1, next < 0 ? undefined : next);
  const last = own.at(-1) ?? statements[header];
  if (last) return last.end;
  // A file that begins with a table: keys of the top have to stand before it. One without any statement: behind its comments.
  return statements.length > 0 ? 0 : text.length;
}

function appendTable(text: string, keys: readonly string[], value: object): string {
  const eol = lineEndOf(text);
  const nested = keys.reduceRight<object>((inner, key) => ({ [key]: inner }), value);
  const between = text.trim() === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
  return `${text}${between}${print(nested).replaceAll('\n', eol)}${eol}`;
}

/** Takes away what is at some keys and below, line by line. */
function remove(text: string, keys: readonly string[]): string {
  return tomlStatements(text)
    .filter(({ path }) => path && keys.every((key, index) => path[index] === key))
    .reduceRight((rest, { start, end }) => splice(rest, start, end, ''), text);
}

function isPath(path: readonly string[] | undefined, keys: readonly string[]): boolean {
  return path?.length === keys.length && keys.every((key, index) => path[index] === key);
}

function print(value: object): string {
  return stringify(value).trimEnd();
}
