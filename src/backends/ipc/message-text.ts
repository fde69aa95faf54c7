import { randomUUID } from 'node:crypto';

/**
 * A message as JSON, cut where base64 stands in it. Images are most of what a runtime is sent: to look through their megabytes for what
 * JSON escapes, and to encode them as what they are not, would hold the event loop for as long as all else together.
 */
export interface MessageText {
  /** One more than there are pieces of base64, which stand between them. */
  readonly parts: readonly string[];
  readonly base64: readonly string[];
}

/** `base64`: strings in the message that hold nothing else. */
export function messageText(message: object, base64: readonly string[] = []): MessageText {
  if (base64.length === 0) return { parts: [JSON.stringify(message)], base64 };
  const mark = randomUUID();
  const found: string[] = [];
  const text = JSON.stringify(message, (_key, value: unknown) => {
    if (typeof value !== 'string' || value === '' || !base64.includes(value)) return value;
    found.push(value);
    return mark;
  });
  return { parts: text.split(mark), base64: found };
}

/** The message for a record, which must not hold images. */
export function shownText({ parts, base64 }: MessageText): string {
  const shown = base64.map(({ length }) => `[redacted image, ${length} base64 characters]`);
  return parts.map((part, index) => part + (shown[index] ?? '')).join('');
}
