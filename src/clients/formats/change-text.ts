import { isRecord, tryParseJson } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import { applyEdit, type Change, isEmptyContainer, isSame, placeChange, WrongShape } from '../config-data.ts';
import { ConnectError } from '../connect-error.ts';
import { type ConfigFormat, ConfigSyntaxError, type FormatName } from './config-format.ts';
import { jsonFormat } from './json-format.ts';
import { tomlFormat } from './toml-format.ts';
import { yamlFormat } from './yaml-format.ts';

const formats: Readonly<Record<FormatName, ConfigFormat>> = {
  json: jsonFormat,
  toml: tomlFormat,
  yaml: yamlFormat,
};

const byteOrderMark = '\uFEFF';

/** The data of a configuration file; an empty table when there is no text. Throws `ConnectError` that names `path`. */
export function parseConfig(format: FormatName, text: string | null, path: string): unknown {
  const { parse, title } = formats[format];
  try {
    return parse(splitMark(text ?? '')[1]);
  } catch (error) {
    if (!(error instanceof ConfigSyntaxError)) throw error;
    throw new ConnectError(
      'invalid',
      phrase(
        '{0} is not valid {1} ({2}). Nothing was changed: correct the file and try again.',
        path,
        title,
        error.problem,
      ),
      path,
    );
  }
}

/**
 * The text of a configuration file after some changes, all else in it as it was: comments, order, indentation, line ends. It is
 * read again and compared before it is handed out. Throws `ConnectError` that names `path`.
 */
export function changeText(
  format: FormatName,
  text: string,
  changes: readonly Change[],
  path: string,
): string {
  const [mark, rest] = splitMark(text);
  let changed = rest;
  for (const change of changes) {
    const data = parseConfig(format, changed, path);
    const edit = place(data, change, path);
    if (!edit) continue;
    const next = formats[format].edit(changed, edit);
    if (next === undefined || !holds(format, next, applyEdit(data, edit))) {
      throw new ConnectError(
        'unexpected',
        phrase(
          '{0} is written in a way in which {1} cannot be changed without touching something else. Nothing was changed: write it as a table of its own, or change it by hand.',
          path,
          change.at.join('.'),
        ),
        path,
      );
    }
    changed = next;
  }
  return mark + changed;
}

function place(data: unknown, change: Change, path: string) {
  try {
    return placeChange(data, change);
  } catch (error) {
    if (!(error instanceof WrongShape)) throw error;
    throw new ConnectError(
      'unexpected',
      phrase(
        '{0} holds something else at {1} than its program expects there. Nothing was changed: correct the file and try again.',
        path,
        error.at.join('.'),
      ),
      path,
    );
  }
}

/** Whether a text is valid and holds just these data. */
export function holds(format: FormatName, text: string, data: unknown): boolean {
  try {
    const parsed = formats[format].parse(splitMark(text)[1]);
    // TOML's tables come and go with what is in them.
    return format === 'toml'
      ? isSame(withoutEmptyTables(parsed), withoutEmptyTables(data))
      : isSame(parsed, data);
  } catch (error) {
    if (error instanceof ConfigSyntaxError) return false;
    throw error;
  }
}

/** Whether a text is JSON as the standard has it, a byte-order mark aside; '' is none that could be wrong. */
export function isPlainJson(text: string): boolean {
  return text === '' || tryParseJson(splitMark(text)[1]) !== undefined;
}

function withoutEmptyTables(value: unknown): unknown {
  if (!isRecord(value) || value instanceof Date) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutEmptyTables(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => Array.isArray(inner) || !isEmptyContainer(inner)));
}

/** The byte-order mark of a text, '' when it has none, and the rest. */
export function splitMark(text: string): readonly [mark: string, rest: string] {
  return text.startsWith(byteOrderMark) ? [byteOrderMark, text.slice(1)] : ['', text];
}
