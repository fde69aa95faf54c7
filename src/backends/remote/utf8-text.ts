import { StringDecoder } from 'node:string_decoder';
import { notUtf8 } from './stream-failures.ts';

const replacement = '\uFFFD';
const replacementBytes = Buffer.from(replacement);

/**
 * UTF-8 that comes in pieces, cut anywhere. Throws `upstream-protocol` for bytes that are none: what stood there is lost, and an
 * answer with a hole must not pass for a whole one.
 */
export class Utf8Text {
  readonly #decoder = new StringDecoder('utf8');
  /** The last bytes so far, in which a character may have begun. */
  #tail: Uint8Array = new Uint8Array();

  write(chunk: Uint8Array): string {
    const text = this.#decoder.write(chunk);
    if (text.includes(replacement) && occurrences(text) > this.#written(chunk)) throw notUtf8();
    this.#tail = (chunk.byteLength < 2 ? Buffer.concat([this.#tail, chunk]) : chunk).subarray(-2);
    return text;
  }

  /** What is left of a character that was cut. */
  end(): string {
    return this.#decoder.end();
  }

  /** How often upstream itself wrote the replacement character, which is what a decoder puts in the place of broken bytes. */
  #written(chunk: Uint8Array): number {
    const bytes = Buffer.concat([this.#tail, chunk]);
    let count = 0;
    for (let at = bytes.indexOf(replacementBytes); at !== -1; at = bytes.indexOf(replacementBytes, at + 3)) {
      count++;
    }
    return count;
  }
}

function occurrences(text: string): number {
  return text.split(replacement).length - 1;
}
