import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ClientProfile } from './chat-body-schema.ts';
import type { SimulatedLogin } from './login-cache.ts';
import type { Refusal } from './signature-check.ts';

/** Which remote call a request makes. */
export type RemoteCall = 'models' | 'chat' | 'upload';

/** The client that the headers describe. */
export function clientProfile(headers: IncomingHttpHeaders): ClientProfile {
  return headers['cosy-clienttype'] === '0' ? 'ide' : 'plugin';
}

/** The first required header that is missing or has a wrong value, or undefined. */
export function findBrokenHeader(call: RemoteCall, headers: IncomingHttpHeaders): string | undefined {
  const fixed: Record<string, string> = {
    'content-type': 'application/json',
    appcode: 'cosy',
    'cosy-clientip': '198.18.0.1',
    'cosy-machinetoken': '',
    'cosy-machinetype': '',
    'login-version': 'v2',
    'cache-control': 'no-cache',
  };
  for (const [name, value] of Object.entries(fixed)) {
    if (headers[name] !== value) return wrong(name, value, headers[name]);
  }
  const patterns: Record<string, RegExp> = {
    'cosy-clienttype': /^[02]$/,
    'cosy-machineos': /^(x86_64|arm64|aarch64|i386|ia32|arm)_(linux|darwin|windows)$/,
    'cosy-version': /^\d+\.\d+\.\d+$/,
    accept: call === 'chat' ? /^text\/event-stream$/ : /^application\/json$/,
  };
  // The upload is known only from one client, which does not say what it accepts.
  if (call === 'upload') delete patterns['accept'];
  for (const [name, pattern] of Object.entries(patterns)) {
    const value = headers[name];
    if (typeof value !== 'string' || !pattern.test(value)) return wrong(name, pattern.source, value);
  }
  if (headers['content-encoding'] !== undefined) return 'Content-Encoding: bodies are not compressed';
  if (clientProfile(headers) === 'plugin') return undefined;
  if (headers['cosy-organization-id'] === undefined) return 'cosy-organization-id is missing (IDE profile)';
  if (headers['accept-encoding'] !== 'identity') {
    return wrong('accept-encoding', 'identity', headers['accept-encoding']);
  }
  return undefined;
}

/** Headers that some clients add; when there, they have to be true. */
export function findUntrueHeader(
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
  path: string,
  login: SimulatedLogin,
): string | undefined {
  const truths: Record<string, string> = {
    'cosy-sigpath': path.replace(/^\/algo/, ''),
    'cosy-bodyhash': createHash('md5').update(rawBody).digest('hex'),
    'cosy-bodylength': String(rawBody.length),
    'cosy-data-policy': 'AGREE',
    'cosy-organization-id': login.organizationId,
  };
  for (const [name, value] of Object.entries(truths)) {
    if (headers[name] !== undefined && headers[name] !== value) return wrong(name, value, headers[name]);
  }
  return undefined;
}

/** Refuses a request that another login made. */
export function checkIdentity(headers: IncomingHttpHeaders, login: SimulatedLogin): Refusal | undefined {
  const identity: Record<string, string> = {
    'cosy-key': login.key,
    'cosy-user': login.uid,
    'cosy-machineid': login.machineId,
  };
  for (const [name, value] of Object.entries(identity)) {
    if (headers[name] !== value) return { status: 401, rule: `${name} is missing or not of this login` };
  }
  return undefined;
}

function wrong(name: string, expected: string, found: string | string[] | undefined): string {
  const shown = found === undefined ? 'is missing' : `is ${JSON.stringify(found)}`;
  return `header ${name} ${shown}; expected ${JSON.stringify(expected)}`;
}
