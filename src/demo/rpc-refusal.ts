/** A JSON-RPC error that answers a request. */
export class RpcRefusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** JSON-RPC's error codes, and those that the runtime adds. */
export const rpcCodes = {
  methodNotFound: -32_601,
  invalidParams: -32_602,
  notInitialized: -32_002,
  unknownSession: -32_001,
} as const;
