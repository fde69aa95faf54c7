import * as z from 'zod';
import type { Reasoning } from '../../core/turn.ts';

const prefix = 'lingma-proxy.1.';
const contentSchema = z.object({ text: z.string(), signature: z.string().optional() });

/**
 * Thoughts as an `encrypted_content` that a later turn can send back. Opaque to clients, not secret: the thoughts went to
 * the same client in the clear.
 */
export function encodeEncryptedReasoning(text: string, signature: string | undefined): string {
  return prefix + Buffer.from(JSON.stringify({ text, signature })).toString('base64url');
}

/** Undefined when another service made it. */
export function decodeEncryptedReasoning(content: string): Omit<Reasoning, 'type'> | undefined {
  if (!content.startsWith(prefix)) return undefined;
  try {
    const decoded: unknown = JSON.parse(Buffer.from(content.slice(prefix.length), 'base64url').toString());
    const { text, signature } = contentSchema.parse(decoded);
    return { text, ...(signature === undefined ? {} : { signature }) };
  } catch {
    return undefined;
  }
}
