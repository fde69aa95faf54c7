import type { Trace } from '../../core/trace.ts';
import type { RuntimeConnection } from './connection.ts';
import type { RpcRequestOptions } from './rpc-peer.ts';

/** Makes a JSON-RPC call that shows in a turn's record. */
export function tracedRequest(
  connection: RuntimeConnection,
  method: string,
  params: object,
  trace: Trace,
  options: Omit<RpcRequestOptions, 'onWritten'> = {},
): Promise<unknown> {
  return connection.request(method, params, {
    ...options,
    onWritten: (body) => trace.upstreamRequest({ method: 'JSON-RPC', target: method, headers: {}, body }),
  });
}

/** Sends a JSON-RPC notification that shows in a turn's record. */
export function tracedNotification(
  connection: RuntimeConnection,
  method: string,
  params: object,
  trace: Trace,
): void {
  trace.upstreamRequest({ method: 'JSON-RPC', target: method, headers: {}, body: JSON.stringify(params) });
  connection.notify(method, params);
}
