/** What a transport tells whoever listens to it. */
export interface TransportListener {
  /** Bytes in the order in which they came; a message may be torn anywhere. */
  data(chunk: Buffer): void;
  /** Called once, whoever closed it. */
  closed(reason: string): void;
}

/** An open byte channel to a runtime. */
export interface Transport {
  /** Sends one frame, which must not change any more. Resolves once it is handed to the system; rejects when the channel is closed. */
  send(frame: Buffer): Promise<void>;
  /** Begins delivery. To be called once; what came earlier is delivered first. */
  listen(listener: TransportListener): void;
  /** Closes at once. What was sent before may still be delivered. Never throws. */
  close(): void;
}

/** Opens a transport; rejects with an `Error` whose message says why it could not, or with the signal's reason. */
export type ConnectTransport = (
  address: string,
  options: { readonly signal: AbortSignal; readonly maxFrameBytes: number },
) => Promise<Transport>;
