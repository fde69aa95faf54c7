/** The fields of Anthropic's blocks that hold something to read, in reading order; bytes and ciphers are not among them. */
const readableFields = [
  'title',
  'url',
  'text',
  'error_code',
  'error_message',
  'stdout',
  'stderr',
  'return_code',
  'tool_name',
  'tool_references',
  'content',
  'lines',
] as const;

/** All that can be read in a block of any kind, one piece a line; '' when there is nothing. */
export function renderedText(value: unknown): string {
  const lines: string[] = [];
  gather(value, lines);
  return lines.join('\n');
}

function gather(value: unknown, lines: string[]): void {
  if (typeof value === 'string') {
    if (value !== '') lines.push(value);
  } else if (typeof value === 'number') {
    lines.push(String(value));
  } else if (Array.isArray(value)) {
    for (const item of value) gather(item, lines);
  } else if (typeof value === 'object' && value !== null) {
    const fields = new Map<string, unknown>(Object.entries(value));
    for (const name of readableFields) gather(labelled(name, fields.get(name)), lines);
    gather(readableSource(fields.get('source')), lines);
  }
}

function labelled(name: (typeof readableFields)[number], value: unknown): unknown {
  if (name === 'return_code' && typeof value === 'number') return `return code ${value}`;
  if (name === 'error_code' && typeof value === 'string') return `error: ${value}`;
  return value;
}

/** What a document's source says, when it says it in plain text. */
function readableSource(source: unknown): unknown {
  if (typeof source === 'string') return source;
  if (typeof source !== 'object' || source === null || !('type' in source)) return undefined;
  if (source.type === 'text' && 'data' in source) return source.data;
  if (source.type === 'content' && 'content' in source) return source.content;
  return undefined;
}
