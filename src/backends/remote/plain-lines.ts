/**
 * Text without a byte order mark at its beginning, every line end a line feed, however it is torn. Event streams allow all three
 * kinds; with one kind their parser neither waits for more at a carriage return nor searches each line for both.
 */
export class PlainLines {
  #isFirst = true;
  #afterReturn = false;

  push(text: string): string {
    if (text === '') return '';
    let plain = this.#isFirst && text.startsWith('\ufeff') ? text.slice(1) : text;
    if (this.#afterReturn && plain.startsWith('\n')) plain = plain.slice(1);
    this.#isFirst = false;
    this.#afterReturn = text.endsWith('\r');
    return plain.includes('\r') ? plain.replaceAll(/\r\n?/g, '\n') : plain;
  }
}
