import { ProxyError, toProxyError } from '../../core/errors.ts';
import { phrase } from '../../core/localizer.ts';
import { ConnectionLost, RpcError } from './rpc-errors.ts';

/** Nobody wants the answer any more. One for all turns, as nobody gets to see it and each would cost a stack trace. */
export const abandoned = new ProxyError('cancelled', 'The answer was abandoned.');

/** What this backend throws inside, as the `ProxyError` that leaves it. */
export function asTurnError(error: unknown): ProxyError {
  if (error instanceof RpcError) {
    return new ProxyError(
      'upstream-unavailable',
      phrase(
        'The Lingma / QoderCN runtime refused {0}: {1} (code {2}). Send the request again; if this repeats, restart Lingma / QoderCN.',
        error.method,
        error.message.slice(0, 500),
        error.code,
      ),
      { retryAfterSeconds: 2, cause: error },
    );
  }
  if (error instanceof ConnectionLost) {
    return new ProxyError(
      'upstream-unavailable',
      phrase(
        'The connection to the Lingma / QoderCN runtime was lost. Send the request again; if this repeats, restart Lingma / QoderCN.',
      ),
      { retryAfterSeconds: 1, cause: error },
    );
  }
  return toProxyError(error);
}

/** The error for a runtime that is there but does not get ready for a turn, or answer a question, in time. */
export function setupTooSlow(): ProxyError {
  return new ProxyError(
    'timeout',
    phrase(
      'The Lingma / QoderCN runtime did not get ready in time. Send the request again; if this repeats, restart Lingma / QoderCN.',
    ),
    { retryAfterSeconds: 5 },
  );
}

/** The error for turns that a stopping proxy ends or does not begin. */
export function shuttingDown(): ProxyError {
  return new ProxyError(
    'overloaded',
    phrase('Lingma Proxy is shutting down. Send the request again once it runs.'),
    { retryAfterSeconds: 5 },
  );
}
