import { language, t } from '../localization.ts';

/** Characters, as a size for people. */
export function formatSize(characters: number): string {
  if (characters < 1_000) return t('{0} characters', characters);
  const [value, unit] = characters < 1_000_000 ? [characters / 1_000, 'K'] : [characters / 1_000_000, 'M'];
  return t('{0} characters', `${number(value, value < 10 ? 1 : 0)} ${unit}`);
}

/** Milliseconds, with as many digits as matter. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10) return `${number(milliseconds, 1)} ms`;
  if (milliseconds < 1_000) return `${number(milliseconds, 0)} ms`;
  if (milliseconds < 60_000) return `${number(milliseconds / 1_000, 2)} s`;
  return `${number(milliseconds / 60_000, 1)} min`;
}

/** Bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${number(bytes / 1_000, 0)} KB` : `${number(bytes / 1_000_000, 1)} MB`;
}

function number(value: number, digits: number): string {
  return value.toLocaleString(language(), { maximumFractionDigits: digits });
}
