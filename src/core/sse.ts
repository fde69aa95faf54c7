/** One server-sent event as text. `data` must hold no line break (JSON never does); `event` names it where the dialect does. */
export function formatSse(data: string, event?: string): string {
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}

/** A comment line, which every SSE parser skips: proof of life where the dialect's clients accept it as such. */
export const sseComment = ': keep-alive\n\n';
