import * as z from 'zod';
import type { LinkName } from '../links.ts';
import type { LocalAnswer } from '../local-client.ts';

/** An answer that is an error, or none at all. */
export interface FailedAnswer {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** OpenAI's form of the kind of error; '' where the API has none. */
  readonly code: string;
  readonly message: string;
}

const errorBody = z.object({
  error: z.object({ message: z.string(), code: z.string().nullish().catch(undefined) }),
});

/** Undefined for a good answer. */
export function failureIn({ status, body }: LocalAnswer): FailedAnswer | undefined {
  if (status === 200) return undefined;
  const { error } = errorBody.safeParse(body).data ?? {};
  return { status, code: error?.code ?? '', message: error?.message ?? `HTTP ${status}` };
}

/** The failure of a request that got no answer. */
export function noAnswer(thrown: unknown, seconds: number): FailedAnswer {
  const isTimeout = thrown instanceof Error && thrown.name === 'TimeoutError';
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return { status: 0, code: '', message: isTimeout ? `no answer within ${seconds} s` : reason };
}

/** The link that a failure shows to be broken, which may come long before the one that was tried. */
export function linkOf({ status, code }: FailedAnswer, backend: 'remote' | 'ipc', tried: LinkName): LinkName {
  if (backend === 'ipc') return code === 'runtime_unavailable' ? 'runtime' : tried;
  if (code === 'misconfigured') return 'base-url';
  // What refuses every request of this login says so with 401 in each API.
  return status === 401 ? 'login' : tried;
}
