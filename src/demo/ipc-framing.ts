const headerEnd = '\r\n\r\n';
const longestHeader = 256;

/** One frame as it goes over the wire. */
export function encodeFrame(json: string): string {
  return `Content-Length: ${Buffer.byteLength(json)}${headerEnd}${json}`;
}

/** The JSON of a text that has to be exactly one whole frame, or what is wrong with it. */
export function readWholeFrame(text: string): { json: string } | { broken: string } {
  const end = text.indexOf(headerEnd);
  const length = end === -1 ? undefined : contentLength(text.slice(0, end));
  if (length === undefined) return { broken: 'message does not start with a Content-Length header' };
  const json = text.slice(end + headerEnd.length);
  if (Buffer.byteLength(json) !== length) return { broken: 'message is not exactly one frame' };
  return { json };
}

/** Takes frames out of a byte stream, whose pieces may end anywhere. Throws when the bytes are no frames. */
export class FrameReader {
  #header = '';
  #bodyLength: number | undefined;
  #body: Buffer[] = [];
  #missing = 0;

  push(piece: Buffer): string[] {
    const frames: string[] = [];
    let rest = piece;
    while (rest.length > 0) {
      rest = this.#bodyLength === undefined ? this.#readHeader(rest) : this.#readBody(rest);
      if (this.#bodyLength === undefined || this.#missing > 0) continue;
      frames.push(Buffer.concat(this.#body).toString('utf8'));
      this.#body = [];
      this.#bodyLength = undefined;
    }
    return frames;
  }

  #readHeader(bytes: Buffer): Buffer {
    const before = this.#header.length;
    const text = this.#header + bytes.toString('latin1', 0, longestHeader);
    const end = text.indexOf(headerEnd);
    if (end === -1) {
      if (text.length >= longestHeader) throw new Error('no Content-Length header');
      this.#header = text;
      return bytes.subarray(bytes.length);
    }
    const length = contentLength(text.slice(0, end));
    if (length === undefined) throw new Error('no Content-Length header');
    this.#header = '';
    this.#bodyLength = length;
    this.#missing = length;
    return bytes.subarray(end + headerEnd.length - before);
  }

  #readBody(bytes: Buffer): Buffer {
    const taken = bytes.subarray(0, this.#missing);
    this.#body.push(taken);
    this.#missing -= taken.length;
    return bytes.subarray(taken.length);
  }
}

function contentLength(header: string): number | undefined {
  const match = /^Content-Length: (\d+)$/.exec(header);
  return match === null ? undefined : Number(match[1]);
}
