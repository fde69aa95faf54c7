import type { Turn } from '../core/turn.ts';

/** A piece of a prompt that a cache keeps or loses as a whole. */
export interface PromptSegment {
  /** Such as `message 3 (user)`. */
  readonly where: string;
  readonly text: string;
}

/** A prompt in the order in which models read it: tools, instructions, messages. */
export function promptSegments({ tools, system, messages }: Turn): PromptSegment[] {
  return [
    ...tools.map((tool) => ({ where: `tool ${tool.name}`, text: JSON.stringify(tool) })),
    ...system.map((text, index) => ({ where: `system ${index + 1}`, text })),
    ...messages.map(({ role, content }, index) => ({
      where: `message ${index + 1} (${role})`,
      text: JSON.stringify(content),
    })),
  ];
}

export interface PrefixComparison {
  /** The first segment that differs; absent when one prompt is the beginning of the other. */
  readonly divergence?: { readonly where: string; readonly left: string; readonly right: string };
  /** Characters that both begin with. */
  readonly commonPrefix: number;
  /** Characters of the shorter one. */
  readonly shorter: number;
}

/** Characters that are shown before and after the point where two prompts part. */
const shownBefore = 120;
const shownAfter = 600;

/** How far two prompts are the same. */
export function comparePrompts(
  left: readonly PromptSegment[],
  right: readonly PromptSegment[],
): PrefixComparison {
  const shorter = Math.min(lengthOf(left), lengthOf(right));
  let commonPrefix = 0;
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (!other) break;
    if (one.where === other.where && one.text === other.text) {
      commonPrefix += one.text.length;
      continue;
    }
    const same = one.where === other.where ? commonLength(one.text, other.text) : 0;
    const where = one.where === other.where ? one.where : `${one.where} / ${other.where}`;
    return {
      divergence: { where, left: excerpt(one.text, same), right: excerpt(other.text, same) },
      commonPrefix: commonPrefix + same,
      shorter,
    };
  }
  return { commonPrefix, shorter };
}

function lengthOf(segments: readonly PromptSegment[]): number {
  return segments.reduce((sum, { text }) => sum + text.length, 0);
}

function commonLength(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  let length = 0;
  while (length < shorter && left.charCodeAt(length) === right.charCodeAt(length)) length++;
  return length;
}

function excerpt(text: string, at: number): string {
  const start = Math.max(0, at - shownBefore);
  const end = at + shownAfter;
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
}
