import { ProxyError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import type { RuntimeEndpoint } from '../../core/login.ts';
import { noTrace } from '../../core/trace.ts';
import { startDeadline } from './abortable.ts';
import { openConnection, type RuntimeConnection } from './connection.ts';
import { runtimeTooSlow } from './connector.ts';
import { ModelList } from './model-list.ts';
import type { PromptSurroundings } from './prompt-meta.ts';
import { RpcError } from './rpc-errors.ts';
import { Sessions } from './sessions.ts';

export interface RuntimeProbeOptions extends PromptSurroundings {
  readonly cwd: string;
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What became of the attempt to make a runtime ready for a turn. */
export type RuntimeProbe =
  | { readonly state: 'ready'; readonly modelCount: number }
  /** Lists models and knows no sessions, as the VS Code extension's runtime does: it cannot answer a turn. */
  | { readonly state: 'partial'; readonly modelCount: number }
  /** Nothing listens there. `code` is the system's. */
  | { readonly state: 'refused'; readonly code: string }
  /** Something accepts the connection and does not answer. */
  | { readonly state: 'silent' }
  /** It answers with an error, or with what this program does not understand. */
  | { readonly state: 'failing'; readonly reason: string };

/** Does all that precedes a turn, and no turn: connects, lists the models, opens a session and deletes it. Never throws. */
export async function probeRuntime(
  endpoint: RuntimeEndpoint,
  options: RuntimeProbeOptions,
): Promise<RuntimeProbe> {
  const deadline = startDeadline(options.timeoutMs, runtimeTooSlow, options.signal);
  const { signal } = deadline;
  try {
    const limits = { signal, maxFrameBytes, now: Date.now, logger: silentLogger };
    const connection = await openConnection(endpoint, limits, runtimeTooSlow);
    try {
      return await prepareTurn(connection, options, signal);
    } finally {
      connection.close(runtimeTooSlow());
    }
  } catch (error) {
    return signal.aborted ? { state: 'silent' } : failure(error);
  } finally {
    deadline.clear();
  }
}

const maxFrameBytes = 64 * 1024 * 1024;
const closeTimeoutMs = 1_500;

async function prepareTurn(
  connection: RuntimeConnection,
  options: RuntimeProbeOptions,
  signal: AbortSignal,
): Promise<RuntimeProbe> {
  const models = await new ModelList(Date.now).load(connection, signal);
  const modelCount = models.length;
  const sessions = new Sessions({ ...options, preparedLifetimeMs: 0, now: Date.now, logger: silentLogger });
  try {
    sessions.discard(await sessions.open(connection, models[0]?.key ?? '', noTrace, signal));
    return { state: 'ready', modelCount };
  } catch (error) {
    const isPartial = error instanceof RpcError && error.method === 'session/new' && error.isUnknownMethod;
    if (isPartial) return { state: 'partial', modelCount };
    throw error;
  } finally {
    await sessions.close(closeTimeoutMs);
  }
}

function failure(error: unknown): RuntimeProbe {
  if (error instanceof RpcError)
    return { state: 'failing', reason: `${error.method}: ${error.message.slice(0, 200)}` };
  if (error instanceof ProxyError) return { state: 'failing', reason: error.message };
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  if (['ECONNREFUSED', 'ENOENT', 'ENOTSOCK', 'EACCES', 'ECONNRESET'].includes(code))
    return { state: 'refused', code };
  return { state: 'failing', reason: first instanceof Error ? first.message : String(first) };
}
