import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { isRecord } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import type { Edit } from '../config-data.ts';
import {
  type ConfigFormat,
  ConfigSyntaxError,
  lineAt,
  lineEnd,
  lineEndOf,
  lineStart,
  splice,
} from './config-format.ts';

/** From jsonc-parser's `SyntaxKind`, a const enum, which cannot be imported as single files are compiled. */
const commaToken = 5;
const endOfFile = 17;
const lineComment = 12;
const blockComment = 13;

const options = { allowTrailingComma: true };

/** JSON with comments. Edits are made here and not by the library's own, which take comments beside an entry for a part of it. */
export const jsonFormat: ConfigFormat = {
  title: 'JSON',

  parse(text) {
    if (!hasContent(text)) return {};
    const errors: ParseError[] = [];
    const data: unknown = parse(text, errors, options);
    const [error] = errors;
    if (error) {
      throw new ConfigSyntaxError(
        phrase('line {0}: {1}', lineAt(text, error.offset), printParseErrorCode(error.error)),
      );
    }
    if (!isRecord(data)) throw new ConfigSyntaxError(phrase('it should hold an object'));
    return data;
  },

  edit(text, edit) {
    const whole = hasContent(text) ? text : `${withLineEnd(text)}{}${lineEndOf(text)}`;
    const root = parseTree(whole, [], options);
    if (!root) return undefined;
    const node = findNodeAtLocation(root, [...edit.path]);
    if (node && edit.value === undefined) return removeEntry(whole, entryOf(node));
    if (node && !edit.insert) {
      const shown = print(whole, edit.value, indentAt(whole, entryOf(node).offset));
      return splice(whole, node.offset, node.offset + node.length, shown);
    }
    return insert(whole, root, edit);
  },
};

function insert(text: string, root: Node, { path, value }: Edit): string | undefined {
  let parent = root;
  for (const [index, step] of path.entries()) {
    const inner = findNodeAtLocation(root, path.slice(0, index + 1));
    const isLast = index === path.length - 1;
    if (typeof step === 'number') return isLast ? insertItem(text, parent, value) : undefined;
    if (!inner) {
      const rest = path.slice(index + 1).reduceRight<unknown>((nested, key) => ({ [key]: nested }), value);
      return insertProperty(text, parent, step, rest);
    }
    parent = inner;
  }
  return undefined;
}

/** A new property comes last, behind the comments that follow the one before it. */
function insertProperty(text: string, object: Node, key: string, value: unknown): string | undefined {
  if (object.type !== 'object') return undefined;
  const close = object.offset + object.length - 1;
  const last = object.children?.at(-1);
  const eol = lineEndOf(text);
  const outer = indentAt(text, object.offset);
  if (last && !text.slice(object.offset, close).includes('\n')) {
    const comma = commaAfter(text, endOf(last)) === undefined ? ', ' : ' ';
    const property = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    return splice(text, close, close, `${comma}${property}`);
  }
  const inner = last ? indentAt(text, last.offset) : outer + indentUnit(text);
  const property = `${inner}${JSON.stringify(key)}: ${print(text, value, inner)}`;
  const contentEnd = text.slice(0, close).trimEnd().length;
  const isClosedOnItsOwnLine = text.slice(contentEnd, close).includes('\n');
  const trailing = last && commaAfter(text, endOf(last)) !== undefined;
  const tail = `${trailing ? ',' : ''}${isClosedOnItsOwnLine ? '' : eol + outer}`;
  const inserted = splice(text, contentEnd, contentEnd, `${eol}${property}${tail}`);
  return last && !trailing ? splice(inserted, endOf(last), endOf(last), ',') : inserted;
}

/** A new entry of a list comes first. */
function insertItem(text: string, list: Node, value: unknown): string | undefined {
  if (list.type !== 'array') return undefined;
  const open = list.offset + 1;
  const first = list.children?.[0];
  const eol = lineEndOf(text);
  const outer = indentAt(text, list.offset);
  if (!first) {
    const inner = outer + indentUnit(text);
    const isBlank = text.slice(open, endOf(list) - 1).trim() === '';
    const end = isBlank ? endOf(list) - 1 : open;
    return splice(text, open, end, `${eol}${inner}${print(text, value, inner)}${isBlank ? eol + outer : ''}`);
  }
  if (!text.slice(open, first.offset).includes('\n')) {
    return splice(text, first.offset, first.offset, `${JSON.stringify(value)}, `);
  }
  const inner = indentAt(text, first.offset);
  const shown = print(text, value, inner);
  return splice(text, first.offset, first.offset, `${shown},${eol}${inner}`);
}

/** Takes a property or list entry away, with its comma and its line, and leaves every comment. */
function removeEntry(text: string, entry: Node): string {
  const comma = commaAfter(text, endOf(entry));
  const end = comma === undefined ? endOf(entry) : comma + 1;
  const from = lineStart(text, entry.offset);
  const to = lineEnd(text, end);
  const isAlone =
    text.slice(from, entry.offset).trim() === '' && text.slice(end, to).trim() === '' && from > 0;
  const without = isAlone
    ? splice(text, from, to, '')
    : splice(text, entry.offset, end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0), '');
  const siblings = entry.parent?.children ?? [];
  const before = siblings[siblings.indexOf(entry) - 1];
  if (comma !== undefined || !before) return without;
  const dangling = commaAfter(text, endOf(before));
  return dangling === undefined ? without : splice(without, dangling, dangling + 1, '');
}

/** The property that a value belongs to, or the value itself in a list. */
function entryOf(node: Node): Node {
  return node.parent?.type === 'property' ? node.parent : node;
}

function endOf(node: Node): number {
  return node.offset + node.length;
}

/** The comma that follows a value, comments in between aside. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  let token: number = scanner.scan();
  while (token === lineComment || token === blockComment) token = scanner.scan();
  return token === commaToken ? scanner.getTokenOffset() : undefined;
}

function hasContent(text: string): boolean {
  const token: number = createScanner(text, true).scan();
  if (token !== lineComment && token !== blockComment) return token !== endOfFile;
  return parseTree(text, [], options) !== undefined;
}

function withLineEnd(text: string): string {
  return text.trim() === '' ? '' : text.endsWith('\n') ? text : text + lineEndOf(text);
}

/** A value with a line for each entry, but lists of words in one line. */
function print(text: string, value: unknown, indent: string): string {
  const eol = lineEndOf(text);
  return JSON.stringify(value, undefined, indentUnit(text))
    .replace(wordList, (_list, words: string) => `[${words.replaceAll(/,\n\s*/g, ', ')}]`)
    .replaceAll('\n', eol + indent);
}

const wordList = /\[\n\s*("(?:[^"\\]|\\.)*"(?:,\n\s*"(?:[^"\\]|\\.)*")*)\n\s*\]/g;

/** The white space at the beginning of the line that a place is in. */
function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** One step of indentation, as the text's first indented line has it. */
function indentUnit(text: string): string {
  return /^([ \t]+)["{[\]}/]/m.exec(text)?.[1] ?? '  ';
}
