import { base64Size, foldBase64 } from './base64-runs.ts';

/**
 * What makes text safe to keep: known secrets, things that look like secrets, and base64 are replaced before anything is
 * recorded, logged or exported. Every pattern is linear in the length of the text.
 */

const secretHeader =
  /auth|cookie|token|secret|password|(?:^|-)key$|api-?key|^cosy-(?:user|machineid|organization-id)$/i;

const redactedMark = '[redacted]';

const dataUrl = /data:([\w.+-]+\\?\/[\w.+-]+)?(?:;[\w=.-]+)*;base64,([A-Za-z0-9+/_\\-]+)={0,2}/g;
/** `foldBase64` has been there before: what is left of a long data URL. */
const foldedDataUrl = /data:([\w.+-]+)\\?\/([\w.+-]+)(?:;[\w=.-]+)*;base64,\[redacted base64, (\d+ bytes)\]/g;
/** How PNG, JPEG, GIF and WebP begin in base64: an image is recognised however small it is. */
const smallImage =
  /(?<![A-Za-z0-9+/])(?:iVBORw0KGgo|\/9j\/|R0lGOD[dl]h|UklGR)((?:[A-Za-z0-9+/]|\\\/){20,400})={0,2}/g;
const imageStarts = ['iVBORw0KGgo', '/9j/', 'R0lGOD', 'UklGR'];
const bearer = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{16,}/gi;
const cosyToken = /\bCOSY\.[A-Za-z0-9+/=_-]+\.[a-f0-9]+/g;
const vendorKey =
  /\b(?:(?:sk|pk|rk|gh[opsu]|xox[abp]|github_pat)[-_][A-Za-z0-9_-]{16,}|AKIA[0-9A-Z]{16}|AIza[\w-]{35}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})/g;
/** Characters. */
const shortestVendorKey = 19;

const secretNames = [
  'api[_-]?key',
  'passw(?:or)?d',
  'passphrase',
  'secret(?:[_-]?(?:access[_-]?)?key)?',
  '(?:access|refresh|auth|oauth|session|id|bearer|machine)[_-]?token',
  '(?:cosy|private)[_-]?key',
  'encrypt[_-]?user[_-]?info',
  'machine[_-]?id',
].join('|');
/**
 * A field whose name says that its value is secret, in two forms. `name: "value"`, up to the quote that opened the value: quotes
 * may be escaped, as inside a JSON string, and an escaped quote inside the value does not end it. `name=value`, without quotes,
 * as in query strings, forms and environment files.
 */
const secretField = new RegExp(
  `(${secretNames})(?:(\\\\*["']?\\s*[:=]\\s*(\\\\*["']))(?:(?!\\3)(?:\\\\[^]|[^\\\\])){1,8192}|=[^\\s"'&;,\\\\<>()[\\]]{4,})`,
  'gi',
);
const secretParameter = /([?&](?:key|token|sig|signature)=)[^\s"'&;\\<>]{4,}/gi;
const privateKey = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[^-]{1,20000}/g;
/** Of any scheme: databases have passwords in their addresses, too. */
const urlPassword = /([a-z0-9+.-]{0,20}:\/\/)[^\s/@:"']*:[^\s/@"']+@/gi;

/** Texts up to this length are remembered, and so many of them: the same paths, names and models come with each request. */
const longestRemembered = 200;
const mostRemembered = 500;

/** Replaces secrets and base64 in text. Secrets that it is told of are replaced wherever they stand. */
export class Redactor {
  readonly #secrets = new Set<string>();
  #known: RegExp | undefined;
  /** Short texts as they came, and without what is secret. */
  readonly #remembered = new Map<string, string>();

  /** Registers a secret value, such as a key read from the login cache. Values under 6 characters are not distinctive enough. */
  addSecret(value: string | undefined): void {
    if (value === undefined || value.length < 6 || this.#secrets.has(value)) return;
    this.#secrets.add(value);
    this.#remembered.clear();
    const alternatives = [...this.#secrets]
      .flatMap(spellings)
      .sort((one, other) => other.length - one.length)
      .map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#known = new RegExp([...new Set(alternatives)].join('|'), 'g');
  }

  /** Whether a secret that it was told of stands in the text. */
  knows(text: string): boolean {
    return this.#known !== undefined && text.search(this.#known) >= 0;
  }

  text(text: string): string {
    if (text.length > longestRemembered) return this.#redact(text);
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const safe = this.#redact(text);
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(text, safe);
    return safe;
  }

  #redact(text: string): string {
    let safe = foldBase64(this.#known ? text.replace(this.#known, redactedMark) : text);
    // To look for a plain word takes a small part of the time that its pattern takes, and most text has none of them.
    if (safe.includes('base64,')) safe = withoutDataUrls(safe);
    if (imageStarts.some((start) => safe.includes(start))) safe = withoutSmallImages(safe);
    if (safe.includes('PRIVATE KEY-----')) safe = withoutPrivateKeys(safe);
    if (safe.includes('COSY.')) safe = safe.replace(cosyToken, redactedMark);
    if (/\s/.test(safe)) safe = safe.replace(bearer, `$1 ${redactedMark}`);
    if (safe.length >= shortestVendorKey) safe = safe.replace(vendorKey, redactedMark);
    if (/[:=]/.test(safe)) safe = withoutSecretFields(safe);
    if (/[?&]/.test(safe)) safe = safe.replace(secretParameter, `$1${redactedMark}`);
    if (safe.includes('://')) safe = safe.replace(urlPassword, `$1${redactedMark}@`);
    return safe;
  }

  /** Header values as text, those of secret headers replaced. */
  headers(
    headers: Readonly<Record<string, string | number | readonly string[] | undefined>>,
  ): Record<string, string> {
    const safe: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue;
      const text = Array.isArray(value) ? value.join(', ') : String(value);
      safe[name] = secretHeader.test(name) ? redactedMark : this.text(text);
    }
    return safe;
  }
}

function withoutDataUrls(text: string): string {
  return text
    .replace(foldedDataUrl, '[redacted $1/$2, $3]')
    .replace(dataUrl, (_match, type: string | undefined, data: string) => {
      const size = base64Size(data.replaceAll('\\', '').length);
      return `[redacted ${type?.replace('\\', '') ?? 'data'}, ${size}]`;
    });
}

function withoutSmallImages(text: string): string {
  return text.replace(
    smallImage,
    (match) => `[redacted image, ${base64Size(match.replace(/[\\=]/g, '').length)}]`,
  );
}

function withoutPrivateKeys(text: string): string {
  return text.replace(
    privateKey,
    (match, kind: string) => `-----BEGIN ${kind}PRIVATE KEY-----${redactedMark}${blankLines(match)}`,
  );
}

function withoutSecretFields(text: string): string {
  return text.replace(
    secretField,
    (match, name: string, opening = '=') => `${name}${opening}${redactedMark}${blankLines(match)}`,
  );
}

/** Those that a match spans: they part the events of a stream, whose number and order must not change. */
function blankLines(match: string): string {
  return match.includes('\n\n') ? '\n\n'.repeat(match.split('\n\n').length - 1) : '';
}

/** A secret as it stands in plain text, in JSON, in JSON within JSON, and in a URL. */
function spellings(secret: string): string[] {
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [secret, quoted, JSON.stringify(quoted).slice(1, -1), percentEncoded(secret)];
}

function percentEncoded(text: string): string {
  // A lone surrogate has no such form.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''));
}
