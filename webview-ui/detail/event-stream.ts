/** The events of a `text/event-stream` body as a JSON value to look at: data is parsed where it is JSON. */
export function eventsOf(body: string): readonly unknown[] {
  return body
    .split(/\r?\n\r?\n/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const lines = block.split(/\r?\n/);
      const data = fieldOf(lines, 'data').join('\n');
      const [event] = fieldOf(lines, 'event');
      const comment = lines.filter((line) => line.startsWith(':')).join('\n');
      return {
        ...(event === undefined ? {} : { event }),
        ...(data === '' ? {} : { data: parsed(data) }),
        ...(comment === '' ? {} : { comment }),
      };
    });
}

function fieldOf(lines: readonly string[], name: string): string[] {
  return lines
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
