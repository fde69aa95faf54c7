import { parse } from 'smol-toml';
import { lineEnd, lineStart } from './config-format.ts';

/** A table's header or a `key = value` of a TOML text, with its places in the text. */
export interface TomlStatement {
  readonly kind: 'header' | 'value';
  /** All keys from the top; undefined below an array of tables, where keys do not tell which one is meant. */
  readonly path: readonly string[] | undefined;
  /** Where its first line begins. */
  readonly start: number;
  /** Behind the line end of its last line. */
  readonly end: number;
  /** The value's own text; for headers empty. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** The statements of a valid TOML text, in order. */
export function tomlStatements(text: string): readonly TomlStatement[] {
  const statements: TomlStatement[] = [];
  const arrays: (readonly string[])[] = [];
  let table: readonly string[] | undefined = [];
  let offset = 0;
  while (offset < text.length) {
    const blank = /[ \t\r\n]*(?:#[^\n]*)?/y;
    blank.lastIndex = offset;
    const skipped = blank.exec(text)?.[0].length ?? 0;
    offset += skipped;
    if (offset >= text.length) break;
    if (text[offset] === '\n') continue;
    const start = lineStart(text, offset);
    if (text[offset] === '[') {
      const isArray = text.startsWith('[[', offset);
      const key = readKey(text, offset + (isArray ? 2 : 1));
      const close = key.end + (isArray ? 2 : 1);
      if (isArray) arrays.push(key.path);
      const isBelowArray = arrays.some((array) => array.every((step, index) => key.path[index] === step));
      table = isBelowArray ? undefined : key.path;
      offset = lineEnd(text, close);
      statements.push({
        kind: 'header',
        path: table,
        start,
        end: offset,
        valueStart: close,
        valueEnd: close,
      });
    } else {
      const key = readKey(text, offset);
      const valueStart = key.end + (/^=[ \t]*/.exec(text.slice(key.end, key.end + 1_000))?.[0].length ?? 1);
      const valueEnd = endOfValue(text, valueStart);
      offset = lineEnd(text, valueEnd);
      const path = table && [...table, ...key.path];
      statements.push({ kind: 'value', path, start, end: offset, valueStart, valueEnd });
    }
  }
  return statements;
}

/** A key, perhaps dotted and quoted, and where the white space behind it ends. */
function readKey(text: string, offset: number): { readonly path: readonly string[]; readonly end: number } {
  const path: string[] = [];
  const part = /[ \t]*([A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')[ \t]*(\.?)/y;
  part.lastIndex = offset;
  for (let match = part.exec(text); match; match = part.exec(text)) {
    path.push(...Object.keys(parse(`${match[1]} = 0`)));
    if (match[2] === '') return { path, end: part.lastIndex };
  }
  throw new SyntaxError('A key was expected.');
}

const stringLiteral = /"""(?:\\[\s\S]|[^\\])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'/y;

/** Where a value ends: at the end of its line, comment and white space aside, unless brackets or strings go on. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let end = start;
  for (let offset = start; offset < text.length; ) {
    stringLiteral.lastIndex = offset;
    const literal = stringLiteral.exec(text);
    const character = text[offset];
    if (literal) {
      offset += literal[0].length;
      end = offset;
      continue;
    }
    if (character === '#') {
      if (depth === 0) break;
      offset = lineEnd(text, offset);
      continue;
    }
    if (character === '\n' && depth === 0) break;
    if (character === '[' || character === '{') depth++;
    if (character === ']' || character === '}') depth--;
    offset++;
    if (character !== ' ' && character !== '\t' && character !== '\r' && character !== '\n') end = offset;
  }
  return end;
}
