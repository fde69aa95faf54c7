import {
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  type YAMLMap,
} from 'yaml';
import type { Edit } from '../config-data.ts';
import { lineEnd, lineEndOf, lineStart, splice } from './config-format.ts';

type Entry = Pair<Node, Node | null>;

/** Makes an edit in the lines that it is about, all others as they were. Undefined where the text is not written in blocks. */
export function editYamlLines(text: string, { path, value, insert }: Edit): string | undefined {
  const root = parseDocument<Node>(text).contents;
  if (!root || (isScalar(root) && root.value === null))
    return insert ? undefined : append(text, nest(path, value));
  let node: Node | null = root;
  let owner: Entry | undefined;
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    if (typeof step === 'number') {
      return isLast && isSeq<Node>(node)
        ? editItem(text, node.items, step, node.flow === true, value, insert)
        : undefined;
    }
    const rest = path.slice(index + 1);
    if (!isMap<Node, Node>(node) || (node.items.length === 0 && owner)) {
      if (!owner || value === undefined || (isCollection(node) && node.items.length > 0)) return undefined;
      return replace(text, owner, nest(path.slice(index), value));
    }
    const entry: Entry | undefined = node.items.find(({ key }) => isScalar(key) && key.value === step);
    if (!entry) return insertEntry(text, node, nest([step, ...rest], value));
    if (isLast)
      return value === undefined ? removeLines(text, entry.key, endOf(entry)) : replace(text, entry, value);
    owner = entry;
    node = entry.value;
  }
  return undefined;
}

function nest(path: readonly (string | number)[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

function append(text: string, value: unknown): string {
  const eol = lineEndOf(text);
  const between = text === '' || text.endsWith('\n') ? '' : eol;
  return `${text}${between}${print(value, '', eol)}${eol}`;
}

/** A new key comes last in its map. */
function insertEntry(text: string, map: YAMLMap<Node, Node>, value: unknown): string | undefined {
  const [first] = map.items;
  const last = map.items.at(-1);
  if (map.flow || !first || !last) return undefined;
  const eol = lineEndOf(text);
  const end = endOf(last);
  const at = text[end - 1] === '\n' ? end : lineEnd(text, end);
  const indent = ' '.repeat(columnOf(text, first.key));
  return splice(
    text,
    at,
    at,
    `${text[at - 1] === '\n' ? '' : eol}${indent}${print(value, indent, eol)}${eol}`,
  );
}

/** Gives a key another value; what is beside or below it of comments stays. */
function replace(text: string, entry: Entry, value: unknown): string | undefined {
  const start = entry.key.range?.[0];
  const valueStart = entry.value?.range?.[0];
  if (start === undefined || valueStart === undefined) return undefined;
  const eol = lineEndOf(text);
  const isPlain = typeof value !== 'object' && (isScalar(entry.value) || entry.value === null);
  const end = endOf(entry);
  if (isPlain && valueStart < end) return splice(text, valueStart, end, print(value, '', eol));
  const indent = ' '.repeat(columnOf(text, entry.key));
  const key = isScalar(entry.key) ? String(entry.key.value) : '';
  const shown = print({ [key]: value }, indent, eol);
  return splice(text, start, end, text[end - 1] === '\n' ? shown + eol : shown);
}

function editItem(
  text: string,
  items: readonly Node[],
  index: number,
  isFlow: boolean,
  value: unknown,
  insert: boolean,
): string | undefined {
  const item = items[index];
  const offset = item?.range?.[0];
  if (!item || offset === undefined || isFlow) return undefined;
  const dash = text.lastIndexOf('-', offset - 1);
  const from = lineStart(text, dash);
  const indent = text.slice(from, dash);
  if (dash < 0 || indent.trim() !== '' || text.slice(dash + 1, offset).trim() !== '') return undefined;
  const eol = lineEndOf(text);
  const shown = print([value], indent, eol);
  if (insert) return splice(text, from, from, `${indent}${shown}${eol}`);
  const end = endOfNode(item);
  if (value !== undefined) return splice(text, dash, end, text[end - 1] === '\n' ? shown + eol : shown);
  return splice(text, from, text[end - 1] === '\n' ? end : lineEnd(text, end), '');
}

function removeLines(text: string, key: Node, end: number): string | undefined {
  const offset = key.range?.[0] ?? 0;
  const from = lineStart(text, offset);
  if (text.slice(from, offset).trim() !== '') return undefined;
  return splice(text, from, text[end - 1] === '\n' ? end : lineEnd(text, end), '');
}

function endOf({ key, value }: Entry): number {
  return value ? endOfNode(value) : (key.range?.[1] ?? 0);
}

/** Where a node's last value ends: the library counts the comments that follow as a part of it. */
function endOfNode(node: Node): number {
  const lastEntry = isMap<Node, Node>(node) && !node.flow ? node.items.at(-1) : undefined;
  if (lastEntry) return endOf(lastEntry);
  const lastItem = isSeq<Node>(node) && !node.flow ? node.items.at(-1) : undefined;
  if (lastItem) return endOfNode(lastItem);
  return node.range?.[1] ?? 0;
}

function columnOf(text: string, node: Node): number {
  const offset = node.range?.[0] ?? 0;
  return offset - lineStart(text, offset);
}

/** A value in block style; its lines but the first are indented. */
function print(value: unknown, indent: string, eol: string): string {
  return stringify(value, { lineWidth: 0 })
    .trimEnd()
    .replaceAll('\n', eol + indent);
}
