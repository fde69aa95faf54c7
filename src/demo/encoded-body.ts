const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
const encoded = '_doRTgHZBKcGVjlvpC,@aFSx#DPuNJme&i*MzLOEn)sUrthbf%Y^w.(kIQyXqWA!$';

/** The text behind an `Encode=1` body, or undefined when it is not one. */
export function decodeBody(text: string): string | undefined {
  let swapped = '';
  for (const character of text) {
    const index = encoded.indexOf(character);
    if (index === -1) return undefined;
    swapped += standard[index];
  }
  const third = Math.floor(swapped.length / 3);
  const end = swapped.length - third;
  const base64 = swapped.slice(end) + swapped.slice(third, end) + swapped.slice(0, third);
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes.toString('utf8') : undefined;
}
