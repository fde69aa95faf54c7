import { applyPatch, structuredPatch } from 'diff';
import {
  applyEdit,
  type Change,
  isEmptyContainer,
  isSame,
  placeChange,
  valueAt,
  valueIn,
  WrongShape,
} from './config-data.ts';
import { changeText, holds, parseConfig, splitMark } from './formats/change-text.ts';
import type { FormatName } from './formats/config-format.ts';

/** What was done to one file. Texts are whole files; null is a file that is not there. */
export interface WrittenFile {
  readonly path: string;
  /** Undefined: the file is this program's alone. */
  readonly format?: FormatName | undefined;
  /** Before. */
  readonly original: string | null;
  /** After. */
  readonly written: string | null;
  readonly changes: readonly Change[];
}

/** A file without what was done to it. */
export interface UndoneFile {
  readonly text: string | null;
  /** Keys that hold something else than was written, so that they were left as they are. */
  readonly kept: readonly string[];
}

/**
 * Takes out of a file what was written into it. A file as it was left becomes what it was before, to the byte; one that has been
 * edited since keeps those edits. When `isOurs`, the file still points to the proxy, and everything that was written goes,
 * whatever it has become; else only what is still as it was written. Throws `ConnectError` when the file is not valid any more.
 */
export function undoChanges(file: WrittenFile, current: string | null, isOurs: boolean): UndoneFile {
  const { path, format, original, written, changes } = file;
  if (current === written || current === null || format === undefined) {
    return { text: current === null && written !== null ? null : original, kept: [] };
  }
  const before = parseConfig(format, original, path);
  const kept: string[] = [];
  const undoing: Change[] = [];
  let data = parseConfig(format, current, path);
  const make = (change: Change) => {
    const edit = placeChange(data, change);
    if (!edit) return;
    data = applyEdit(data, edit);
    undoing.push(change);
  };
  const undo = ({ at, item, value }: Change) => {
    const place = item === undefined ? { at } : { at, item };
    const now = valueIn(data, place);
    if (now === undefined && value !== undefined) return;
    if (!isSame(now, value) && (value === undefined || !isOurs)) throw new WrongShape(at);
    make({ ...place, value: valueIn(before, place) });
    // Tables and lists that were made for it go with the last thing in them.
    for (let length = item === undefined ? at.length - 1 : at.length; length > 0; length--) {
      const parent = at.slice(0, length);
      const was = valueAt(before, parent);
      if (typeof (was ?? undefined) === 'object' || !isEmptyContainer(valueAt(data, parent))) break;
      make({ at: parent, value: was });
    }
  };
  for (const change of changes.toReversed()) {
    try {
      undo(change);
    } catch (error) {
      if (!(error instanceof WrongShape)) throw error;
      kept.push(change.at.join('.'));
    }
  }
  const text = withoutLines(file, current);
  const isExact = text !== undefined && holds(format, text, data);
  const undone = isExact ? text : changeText(format, current, undoing, path);
  const isNothing = original === null && isEmptyContainer(data) && /^[\s{}\uFEFF]*$/.test(undone);
  return { text: isNothing ? null : undone, kept };
}

/** The lines that were written, taken out again where they still stand: that brings back the very bytes of what was replaced. */
function withoutLines({ path, original, written }: WrittenFile, current: string): string | undefined {
  const [mark, text] = splitMark(current);
  const [, from] = splitMark(written ?? '');
  const [, to] = splitMark(original ?? '');
  const patch = structuredPatch(path, path, from, to, '', '', { context: 2 });
  const patched = applyPatch(text, patch, { fuzzFactor: 2 });
  return patched === false ? undefined : mark + patched;
}
