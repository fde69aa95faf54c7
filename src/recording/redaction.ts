/**
 * What makes text safe to keep: known secrets, things that look like secrets, and base64 are replaced before anything is
 * recorded, logged or exported. Every pattern is linear in the length of the text.
 */

const secretHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'cookie',
  'set-cookie',
  'cosy-key',
  'cosy-user',
  'cosy-machineid',
  'cosy-machinetoken',
  'cosy-organization-id',
]);

const redactedMark = '[redacted]';

/** Base64 shorter than this stays: hashes and ids are worth reading. */
const shortestBase64 = 256;
const dataUrl = /data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.-]+)*;base64,[A-Za-z0-9+/=_-]+/g;
const longBase64 = new RegExp(`(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{${shortestBase64},}={0,2}`, 'g');
const bearer = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{16,}/gi;
const cosyToken = /\bCOSY\.[A-Za-z0-9+/=_-]+\.[a-f0-9]+/g;
const vendorKey = /\b(?:sk|pk|rk|ghp|gho|ghs|xox[abp])[-_][A-Za-z0-9_-]{16,}/g;
/** A JSON or form field whose name says that its value is secret; the quotes may be escaped, as inside a JSON string. */
const secretField =
  /(\\?["']?(?:api[_-]?key|apikey|password|passwd|secret|client[_-]?secret|access[_-]?token|refresh[_-]?token|security[_-]?oauth[_-]?token|cosy[_-]?key|encrypt[_-]?user[_-]?info|machine[_-]?id)\\?["']?\s*[:=]\s*\\?["'])([^"'\\]{1,4096})/gi;
const urlPassword = /\b((?:https?|socks[45]?|wss?|ftp):\/\/)[^\s/@:"']*:[^\s/@"']+@/gi;

function base64Size(length: number): string {
  return `${Math.floor((length * 3) / 4)} bytes`;
}

/** Replaces secrets and base64 in text. Secrets that it is told of are replaced wherever they stand. */
export class Redactor {
  readonly #secrets = new Set<string>();
  #known: RegExp | undefined;

  /** Registers a secret value, such as a key read from the login cache. Values under 6 characters are not distinctive enough. */
  addSecret(value: string | undefined): void {
    if (value === undefined || value.length < 6 || this.#secrets.has(value)) return;
    this.#secrets.add(value);
    const alternatives = [...this.#secrets]
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
      .sort((one, other) => other.length - one.length)
      .map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#known = new RegExp([...new Set(alternatives)].join('|'), 'g');
  }

  text(text: string): string {
    const withoutKnown = this.#known ? text.replace(this.#known, redactedMark) : text;
    return withoutKnown
      .replace(dataUrl, (match, type: string | undefined) => {
        const data = match.slice(match.indexOf(',') + 1);
        return `[redacted ${type ?? 'data'}, ${base64Size(data.length)}]`;
      })
      .replace(cosyToken, redactedMark)
      .replace(longBase64, (match) => `[redacted base64, ${base64Size(match.length)}]`)
      .replace(bearer, `$1 ${redactedMark}`)
      .replace(vendorKey, redactedMark)
      .replace(secretField, `$1${redactedMark}`)
      .replace(urlPassword, `$1${redactedMark}@`);
  }

  /** Header values as text, those of secret headers replaced. */
  headers(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
    const safe: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue;
      const text = typeof value === 'string' ? value : value.join(', ');
      safe[name] = secretHeaders.has(name.toLowerCase()) ? redactedMark : this.text(text);
    }
    return safe;
  }
}
