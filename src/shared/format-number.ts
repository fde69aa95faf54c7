/** A whole number: `1,234`. Without `Intl`, which takes longer to load than all of the extension, and 8 MB. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Tokens as people say them: `256K`, `1M`, `1.5M`. */
export function formatTokens(tokens: number): string {
  if (tokens >= 1_000_000) return `${roundTo(tokens / 1_000_000)}M`;
  if (tokens >= 1_000) return `${roundTo(tokens / 1_000)}K`;
  return String(tokens);
}

/** `340 ms`, `1.2 s`, `75 s` */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

function roundTo(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
