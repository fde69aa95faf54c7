import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { SimulatedLogin } from './login-cache.ts';

const payloadSchema = z.strictObject({
  cosyVersion: z.string().min(1),
  ideVersion: z.literal(''),
  info: z.string(),
  requestId: z
    .string()
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i, 'must be a uuid4'),
  version: z.literal('v1'),
});

/** A refused credential: the HTTP status, the rule that was broken. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly rule: string;
}

export interface SignedRequest {
  readonly headers: IncomingHttpHeaders;
  /** The exact bytes that arrived. */
  readonly rawBody: Buffer;
  /** The URL's path with `/algo` and without the query. */
  readonly path: string;
}

/** Checks `Authorization` and `Cosy-Date` against the login; `seenRequestIds` catches a payload that is used twice. */
export function checkSignature(
  request: SignedRequest,
  login: SimulatedLogin,
  seenRequestIds: Set<string>,
): Refusal | undefined {
  const authorization = request.headers['authorization'] ?? '';
  const match = /^Bearer COSY\.([A-Za-z0-9+/]+=*)\.([0-9a-f]{32})$/.exec(authorization);
  if (match === null) return { status: 401, rule: 'Authorization is not Bearer COSY.<payload>.<md5>' };
  const [, payloadText = '', signature = ''] = match;

  const date = String(request.headers['cosy-date'] ?? '');
  if (!/^\d{10}$/.test(date)) return { status: 401, rule: 'Cosy-Date is not unix seconds' };
  if (Math.abs(Date.now() / 1000 - Number(date)) > 300) {
    return { status: 401, rule: 'Cosy-Date is more than five minutes off' };
  }

  const payload = readPayload(payloadText);
  if (typeof payload === 'string') return { status: 401, rule: payload };
  if (payload.info !== login.encryptUserInfo)
    return { status: 401, rule: 'payload info is not of this login' };
  if (payload.cosyVersion !== request.headers['cosy-version']) {
    return { status: 401, rule: 'payload cosyVersion differs from Cosy-Version' };
  }

  const signedPath = request.path.replace(/^\/algo/, '');
  const expected = createHash('md5')
    .update(`${payloadText}\n${login.key}\n${date}\n`)
    .update(request.rawBody)
    .update(`\n${signedPath}`)
    .digest('hex');
  if (signature !== expected) return { status: 403, rule: 'signature does not match the request' };

  if (seenRequestIds.has(payload.requestId))
    return { status: 401, rule: 'payload requestId was used before' };
  seenRequestIds.add(payload.requestId);
  return undefined;
}

function readPayload(text: string): z.infer<typeof payloadSchema> | string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return 'payload is not standard base64';
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return 'payload is not JSON';
  }
  const parsed = payloadSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `payload ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`;
  }
  const keys = Object.keys(parsed.data);
  const sent = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (sent.join() !== keys.toSorted().join()) return 'payload keys are not in alphabetical order';
  return parsed.data;
}
