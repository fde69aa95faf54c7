import { tryParseJson } from '../core/json.ts';

/**
 * Reads JSON of which the end is missing: what is open is closed, a text where it broke off, a half-written field is left out.
 * Undefined when nothing can be made of it.
 */
export function parseBeginning(text: string): unknown {
  const whole = tryParseJson(text);
  return whole === undefined ? parseCut(text) : whole;
}

function parseCut(text: string): unknown {
  const { inText, open, whole, openAtWhole } = scan(text);
  if (inText) {
    const upToTheBreak = text.replace(/\\(?:u[\da-f]{0,3})?$/i, '');
    const completed = tryParseJson(`${upToTheBreak}"${closers(open)}`);
    if (completed !== undefined) return completed;
  }
  return tryParseJson(text.slice(0, whole) + closers(openAtWhole));
}

function closers(brackets: readonly string[]): string {
  return brackets.toReversed().join('');
}

interface Scan {
  /** The text ends within a string. */
  readonly inText: boolean;
  /** The brackets that would close what is open at the end. */
  readonly open: readonly string[];
  /** Where the last value ends that is whole, and what is open there. */
  readonly whole: number;
  readonly openAtWhole: readonly string[];
}

function scan(text: string): Scan {
  const open: string[] = [];
  let inText = false;
  let whole = 0;
  let openAtWhole: string[] = [];
  const remember = (end: number) => {
    whole = end;
    openAtWhole = [...open];
  };
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inText) {
      if (character === '\\') index++;
      else if (character === '"') inText = false;
      continue;
    }
    switch (character) {
      case '"':
        inText = true;
        break;
      case '{':
      case '[':
        open.push(character === '{' ? '}' : ']');
        remember(index + 1);
        break;
      case '}':
      case ']':
        open.pop();
        remember(index + 1);
        break;
      case ',':
        remember(index);
        break;
    }
  }
  return { inText, open, whole, openAtWhole };
}
