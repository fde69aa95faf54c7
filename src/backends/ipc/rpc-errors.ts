/** The runtime answered a request with a JSON-RPC error. Stays inside this backend. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly method: string;
  readonly code: number;

  constructor(method: string, code: number, message: string) {
    super(message);
    this.method = method;
    this.code = code;
  }

  /** True when the runtime does not know the method at all (JSON-RPC code -32601). */
  get isUnknownMethod(): boolean {
    return this.code === -32601;
  }
}

/** The connection went away before the answer came. Stays inside this backend. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}
