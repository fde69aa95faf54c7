import { ProxyError } from '../../core/errors.ts';
import { type Phrase, phrase } from '../../core/localizer.ts';
import { type BaseUrl, sourceName } from '../../core/login.ts';
import { parseUrl } from '../../core/parse-url.ts';

/** Why a connection could not be made, or broke. */
export type ConnectionFault =
  | 'refused'
  | 'unknown-name'
  | 'unreachable'
  | 'broken'
  /** A proxy in between does not let it through. */
  | 'proxy'
  | 'certificate'
  | 'other';

/** The kind of a connection's failure, with Node's or undici's own code. */
export function connectionFault(thrown: unknown): { readonly fault: ConnectionFault; readonly code: string } {
  const code = errorCode(thrown);
  return { fault: faultOfCode(code), code };
}

/** The error for a connection that could not be made or broke, told apart by its code. */
export function connectionError(thrown: unknown, baseUrl: BaseUrl): ProxyError {
  const { fault, code } = connectionFault(thrown);
  const host = parseUrl(baseUrl.url)?.host;
  const said = host === undefined ? notAUrl(baseUrl.url, code) : describe(fault, host, code);
  const source = phrase('The base URL comes from: {0}.', sourceName(baseUrl.source));
  return new ProxyError('upstream-unavailable', [...said, source], { retryAfterSeconds: 2, cause: thrown });
}

/** True when upstream had closed a kept-alive connection before it saw anything of the new request on it. */
export function isStaleConnection(thrown: unknown): boolean {
  if (errorCode(thrown) !== 'UND_ERR_SOCKET' || !(thrown instanceof Error)) return false;
  const socket: unknown = 'socket' in thrown ? thrown.socket : undefined;
  // Earlier answers were read from it, and no part of this one.
  return (
    typeof socket === 'object' && socket !== null && 'bytesRead' in socket && Number(socket.bytesRead) > 0
  );
}

/** Node's or undici's code, looked for in nested causes and in the first error of several tried addresses. */
function errorCode(thrown: unknown): string {
  let error = thrown;
  for (let depth = 0; depth < 5 && error instanceof Error; depth++) {
    if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
    error = error instanceof AggregateError ? error.errors[0] : error.cause;
  }
  return 'unknown';
}

function notAUrl(url: string, code: string): Phrase[] {
  return [
    phrase('The base URL "{0}" is not a URL ({1}).', url, code),
    phrase('Set one that begins with https://.'),
  ];
}

/** What happened, and what to do. */
function describe(fault: ConnectionFault, host: string, code: string): Phrase[] {
  const again = phrase('Send the request again in a moment.');
  switch (fault) {
    case 'refused':
      return [
        phrase('Nothing accepts connections at {0} ({1}).', host, code),
        phrase('Check the base URL and the proxy setting.'),
      ];
    case 'unknown-name':
      return [
        phrase('The name {0} cannot be found ({1}).', host, code),
        phrase('Check the network connection and the base URL.'),
      ];
    case 'unreachable':
      return [
        phrase('{0} cannot be reached ({1}).', host, code),
        phrase('Check the network connection, the VPN and the proxy setting.'),
      ];
    case 'broken':
      return [phrase('{0} broke the connection ({1}).', host, code), again];
    case 'proxy':
      return [
        phrase('The proxy does not let the connection to {0} through ({1}).', host, code),
        phrase('Check the proxy setting and its password.'),
      ];
    case 'certificate':
      return [
        phrase('The certificate of {0} is not trusted ({1}).', host, code),
        phrase(
          'Behind a proxy that inspects traffic, name its certificate in NODE_EXTRA_CA_CERTS and start again.',
        ),
      ];
    case 'other':
      return [phrase('The connection to {0} failed ({1}).', host, code), again];
    default:
      return fault satisfies never;
  }
}

function faultOfCode(code: string): ConnectionFault {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'unknown-name';
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'unreachable';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'broken';
    case 'UND_ERR_ABORTED':
      return 'proxy';
    default:
      return isCertificateCode(code) ? 'certificate' : 'other';
  }
}

function isCertificateCode(code: string): boolean {
  return (
    code.includes('CERT') ||
    code.includes('SIGNATURE') ||
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL')
  );
}
