const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
const cipher = '_doRTgHZBKcGVjlvpC,@aFSx#DPuNJme&i*MzLOEn)sUrthbf%Y^w.(kIQyXqWA!$';

const substitutes = new Uint8Array(128);
for (let index = 0; index < plain.length; index++) {
  substitutes[plain.charCodeAt(index)] = cipher.charCodeAt(index);
}

/** A body in the form that `&Encode=1` announces: base64, its outer thirds swapped, each character replaced by another. */
export function encodeBody(body: Uint8Array): Uint8Array {
  const base64 = Buffer.from(
    Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'),
    'latin1',
  );
  const third = Math.floor(base64.length / 3);
  const encoded = Buffer.allocUnsafe(base64.length);
  base64.copy(encoded, 0, base64.length - third);
  base64.copy(encoded, third, third, base64.length - third);
  base64.copy(encoded, base64.length - third, 0, third);
  for (let index = 0; index < encoded.length; index++) {
    encoded[index] = substitutes[encoded[index] ?? 0] ?? 0;
  }
  return encoded;
}
