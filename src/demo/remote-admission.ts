import type { IncomingHttpHeaders } from 'node:http';
import type { SimulatedLogin } from './login-cache.ts';
import { findBrokenQuery } from './remote-routes.ts';
import { checkIdentity, findBrokenHeader, findUntrueHeader, type RemoteCall } from './request-headers.ts';
import { checkSignature } from './signature-check.ts';

/** What a request shows at the door, before anyone reads its body as JSON. */
export interface Arrival {
  readonly call: RemoteCall;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
  /** How far this side's clock is ahead of the client's. */
  readonly clockOffsetMs: number;
}

/** Why a request is not let in. */
export interface Rejection {
  readonly status: 400 | 401 | 403;
  readonly rule: string;
  /** False for a login that was right once, and for a clock that is off: their owner could not know better. */
  readonly isViolation: boolean;
}

/** What `checkSignature` allows as well. */
const mostClockOffsetMs = 300_000;

/** Checks query, headers, login and signature; remembers the ids of signed payloads, which serve once. */
export class RemoteAdmission {
  readonly #payloadIds = new Set<string>();

  /** Why the request is refused, or undefined when it may pass. */
  refuse(arrival: Arrival, login: SimulatedLogin, formerKeys: ReadonlySet<string>): Rejection | undefined {
    const { call, url, headers, rawBody, clockOffsetMs } = arrival;
    const broken = findBrokenQuery(call, url) ?? findBrokenHeader(call, headers);
    if (broken !== undefined) return { status: 400, rule: broken, isViolation: true };
    if (login.expireTime < Date.now() || formerKeys.has(String(headers['cosy-key']))) {
      return { status: 401, rule: 'login expired, please sign in again', isViolation: false };
    }
    const signed = { headers, rawBody, path: url.pathname };
    const refusal = checkIdentity(headers, login) ?? checkSignature(signed, login, this.#payloadIds);
    if (refusal !== undefined) return { ...refusal, isViolation: true };
    if (Math.abs(clockOffsetMs) > mostClockOffsetMs) {
      return { status: 401, rule: 'Cosy-Date is more than five minutes off', isViolation: false };
    }
    const untrue = findUntrueHeader(headers, rawBody, url.pathname, login);
    return untrue === undefined ? undefined : { status: 400, rule: untrue, isViolation: true };
  }
}
