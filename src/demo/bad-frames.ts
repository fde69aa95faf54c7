/** Bytes that a runtime must not send: no frame at all, or a frame that cannot be what it says. */
export type BadFrame = 'malformed' | 'oversized' | 'not-json' | 'empty' | 'encoding' | 'cut';

export const badFrames: Readonly<Record<BadFrame, Buffer>> = {
  malformed: Buffer.from('Content-Type: nonsense\r\nno length here at all\r\n\r\n{"jsonrpc":"2.0"}'),
  /** Claims 2 GB. */
  oversized: Buffer.from(`Content-Length: 2147483648\r\n\r\n{"jsonrpc":"2.0","padding":"${'x'.repeat(4096)}`),
  'not-json': Buffer.from('Content-Length: 14\r\n\r\n{"jsonrpc": oh'),
  empty: Buffer.from('Content-Length: 0\r\n\r\n'),
  encoding: Buffer.from('Content-Length: 34\r\n\r\n{"jsonrpc":"2.0","method":"\xff\xff\xff"}\r\n', 'latin1'),
  /** More is announced than comes. */
  cut: Buffer.from('Content-Length: 100\r\n\r\n{"jsonrpc":"2.0","method":"sess'),
};
