import { createHash } from 'node:crypto';

const ownPrefix = 'lingma-proxy.1.';

/**
 * A signature for a thought that upstream did not sign. Clients only send signed thoughts back; this one is a digest of
 * the text, the same each time and no secret.
 */
export function signThinking(text: string): string {
  return ownPrefix + createHash('sha256').update(text).digest('base64url');
}

/** True for a signature that `signThinking` made, which means nothing to the upstream. */
export function isOwnSignature(signature: string): boolean {
  return signature.startsWith(ownPrefix);
}
