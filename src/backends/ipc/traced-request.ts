import type { Trace } from '../../core/trace.ts';
import type { RuntimeConnection } from './connection.ts';
import type { RpcRequestOptions } from './rpc-peer.ts';

export interface TracedRequestOptions extends Omit<RpcRequestOptions, 'onWritten'> {
  readonly recorded?: () => string;
}

/** Makes a JSON-RPC call that shows in a turn's record. `recorded` stands for the text on the wire when that holds images. */
export function tracedRequest(
  connection: RuntimeConnection,
  method: string,
  params: object,
  trace: Trace,
  { recorded, ...options }: TracedRequestOptions = {},
): Promise<unknown> {
  return connection.request(method, params, {
    ...options,
    onWritten: (text) =>
      trace.upstreamRequest({ method: 'JSON-RPC', target: method, headers: {}, body: recorded?.() ?? text }),
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
