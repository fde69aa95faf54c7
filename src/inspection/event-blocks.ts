/** One event of an event stream, as it stands in the text. */
export interface EventBlock {
  /** Its place among all blocks, comments included. */
  readonly index: number;
  /** What `event:` says. */
  readonly name: string | undefined;
  /** What `data:` says; undefined for a comment, which has no event in it. */
  readonly data: string | undefined;
  readonly text: string;
}

/**
 * The blocks of an event stream: what blank lines part, in order, the empty ones too. What follows the last blank line is left out:
 * no client takes it for an event.
 */
export function* eventBlocks(stream: string): Generator<EventBlock, undefined> {
  let start = 0;
  let index = 0;
  for (let end = stream.indexOf('\n\n'); end !== -1; end = stream.indexOf('\n\n', start)) {
    yield readBlock(stream.slice(start, end), index++);
    start = end + 2;
  }
}

function readBlock(text: string, index: number): EventBlock {
  let name: string | undefined;
  let data: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('data:')) {
      const value = fieldValue(line, 'data:');
      data = data === undefined ? value : `${data}\n${value}`;
    } else if (line.startsWith('event:')) name = fieldValue(line, 'event:');
  }
  return { index, name, data, text };
}

function fieldValue(line: string, field: string): string {
  const value = line.slice(field.length);
  return value.startsWith(' ') ? value.slice(1) : value;
}
