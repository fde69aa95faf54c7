import { formatCount, formatDuration, formatTokens } from '../src/shared/format-number.ts';
import { language, t } from './localization.ts';

export { formatCount, formatDuration, formatTokens };

/** Shown where there is no value. */
export const nothing = '–';

/** `14:05:09` */
export function formatClock(iso: string): string {
  return clock().format(new Date(iso));
}

/** `12.3 KB`, of characters. */
export function formatSize(characters: number): string {
  if (characters < 1_000) return `${characters} B`;
  if (characters < 1_000_000) return `${oneDecimal(characters / 1_000)} KB`;
  return `${oneDecimal(characters / 1_000_000)} MB`;
}

/** `12.3 K characters`, in words. */
export function formatCharacters(characters: number): string {
  if (characters < 1_000) return t('{0} characters', characters);
  const [value, unit] = characters < 1_000_000 ? [characters / 1_000, 'K'] : [characters / 1_000_000, 'M'];
  return t('{0} characters', `${localized(value, value < 10 ? 1 : 0)} ${unit}`);
}

/** `20 KB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${localized(bytes / 1_000, 0)} KB` : `${localized(bytes / 1_000_000, 1)} MB`;
}

/** Milliseconds within one request, finer than `formatDuration`: `3.4 ms`, `690 ms`, `4.25 s`, `2.1 min`. */
export function formatOffset(milliseconds: number): string {
  if (milliseconds < 10) return `${localized(milliseconds, 1)} ms`;
  if (milliseconds < 1_000) return `${localized(milliseconds, 0)} ms`;
  if (milliseconds < 60_000) return `${localized(milliseconds / 1_000, 2)} s`;
  return `${localized(milliseconds / 60_000, 1)} min`;
}

/** A count of tokens; one that the proxy estimated is marked. */
export function formatTokenCount(tokens: number | undefined, source: string | undefined): string {
  if (tokens === undefined) return nothing;
  return source === 'estimate' ? `≈ ${formatCount(tokens)}` : formatCount(tokens);
}

/** The backend as people call it. */
export function backendName(backend: string): string {
  switch (backend) {
    case 'remote':
      return t('remote API');
    case 'ipc':
      return t('local runtime');
    default:
      return backend;
  }
}

/** The API as people call it. */
export function apiName(api: string): string {
  return apiNames[api] ?? api;
}

const apiNames: Readonly<Record<string, string>> = {
  'openai-chat': 'Chat Completions',
  'openai-responses': 'Responses',
  messages: 'Messages',
  'vscode-chat': 'VS Code Chat',
};

let clockFormat: Intl.DateTimeFormat | undefined;

/** Making one costs more than using it a hundred times. */
function clock(): Intl.DateTimeFormat {
  clockFormat ??= new Intl.DateTimeFormat(language(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return clockFormat;
}

function oneDecimal(value: number): string {
  return value < 100 ? value.toFixed(1) : String(Math.round(value));
}

function localized(value: number, digits: number): string {
  return value.toLocaleString(language(), { maximumFractionDigits: digits });
}
