/** Text that may hold URLs, without their user names and passwords. Linear in the length of the text. */
export function redactUrl(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#]*@/gi, '$1[redacted]@');
}
