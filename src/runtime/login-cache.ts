import { createDecipheriv } from 'node:crypto';
import * as z from 'zod';
import { type Phrase, phrase } from '../core/localizer.ts';
import type { Login } from '../core/login.ts';
import { onDemand } from '../core/on-demand.ts';
import type { FileFault } from './files.ts';

/** A login as a file holds it; who read it adds where it lay. */
export type StoredLogin = Omit<Login, 'source'>;

/** What is wrong with a file that should hold a login. */
export type LoginFault =
  | FileFault
  /** The machine id beside it is not the one that it was encrypted with. */
  | 'undecryptable'
  /** There is no machine id beside it. */
  | 'no-machine-id';

/** A problem is the end of a sentence about the file and holds nothing of it. */
export interface LoginProblem {
  readonly problem: Phrase;
  readonly fault: LoginFault;
}

/** Text, or a number that stands for it; '' when absent. */
export const textField = () =>
  z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .catch(undefined)
    .transform((text) => text?.trim() ?? '');

/** Unix milliseconds as a number or as text; 0 and '' mean that it is not known. A date goes no further than 8.64e15. */
export const expiryField = () =>
  z
    .union([z.number(), z.string().trim().regex(/^\d+$/).transform(Number)])
    .pipe(z.number().positive().max(8.64e15))
    // A fraction would be lost where it is written again.
    .transform(Math.ceil)
    .optional()
    .catch(undefined);

const loginCache = onDemand(() => {
  const text = textField();
  return z.object({
    key: text,
    encrypt_user_info: text,
    uid: text,
    organization_id: text,
    expire_time: expiryField(),
  });
});

/**
 * Decrypts the text of `cache/user`: base64 of AES-128-CBC, key and IV both the first 16 bytes of the machine id; the plaintext is
 * JSON. A problem is the end of a sentence about the file and holds nothing of it. Never throws.
 */
export function decryptLoginCache(
  text: string,
  machineId: string,
): { readonly login: StoredLogin } | LoginProblem {
  const base64 = text.replace(/\s+/g, '');
  if (base64 === '') return { problem: phrase('is empty'), fault: 'empty' };
  const secret = Buffer.from(machineId).subarray(0, 16);
  let value: unknown;
  try {
    const decipher = createDecipheriv('aes-128-cbc', secret, secret);
    const plaintext = decipher.update(base64, 'base64', 'utf8') + decipher.final('utf8');
    value = JSON.parse(plaintext.replace(/^\uFEFF/, ''));
  } catch {
    return { problem: phrase('cannot be decrypted with the machine id beside it'), fault: 'undecryptable' };
  }
  const parsed = loginCache().safeParse(value);
  if (!parsed.success) return { problem: phrase('does not hold a login'), fault: 'broken' };
  const { key, encrypt_user_info, uid, organization_id, expire_time } = parsed.data;
  const missing = Object.entries({ key, encrypt_user_info, uid }).flatMap(([name, field]) =>
    field ? [] : [name],
  );
  if (missing.length > 0)
    return { problem: phrase('holds no complete login (no {0})', missing.join(', ')), fault: 'incomplete' };
  return {
    login: {
      cosyKey: key,
      encryptUserInfo: encrypt_user_info,
      userId: uid,
      machineId,
      ...(organization_id !== '' && { organizationId: organization_id }),
      ...(expire_time !== undefined && { expiresAt: expire_time }),
    },
  };
}
