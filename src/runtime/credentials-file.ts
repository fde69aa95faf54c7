import * as z from 'zod';
import { phrase } from '../core/localizer.ts';
import type { Login } from '../core/login.ts';
import { onDemand } from '../core/on-demand.ts';
import { expiryField, type LoginProblem, type StoredLogin, textField } from './login-cache.ts';

const credentialsFile = onDemand(() => {
  const text = textField();
  const auth = z.object({
    cosy_key: text,
    key: text,
    encrypt_user_info: text,
    user_id: text,
    uid: text,
    machine_id: text,
    organization_id: text,
  });
  return z.object({ token_expire_time: expiryField(), auth });
});

/**
 * Reads the text of a `credentials.json`; `key` and `uid` stand for `cosy_key` and `user_id` as in the login cache. A problem is the
 * end of a sentence about the file and holds nothing of it. Never throws.
 */
export function parseCredentials(json: string): { readonly login: StoredLogin } | LoginProblem {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { problem: phrase('is not valid JSON'), fault: 'broken' };
  }
  const parsed = credentialsFile().safeParse(value);
  if (!parsed.success) return { problem: phrase('holds no object named auth'), fault: 'broken' };
  const { auth, token_expire_time } = parsed.data;
  const fields = {
    cosy_key: auth.cosy_key || auth.key,
    encrypt_user_info: auth.encrypt_user_info,
    user_id: auth.user_id || auth.uid,
    machine_id: auth.machine_id,
  };
  const missing = Object.entries(fields).flatMap(([name, field]) => (field ? [] : [`auth.${name}`]));
  if (missing.length > 0) return { problem: phrase('lacks {0}', missing.join(', ')), fault: 'incomplete' };
  return {
    login: {
      cosyKey: fields.cosy_key,
      encryptUserInfo: fields.encrypt_user_info,
      userId: fields.user_id,
      machineId: fields.machine_id,
      ...(auth.organization_id !== '' && { organizationId: auth.organization_id }),
      ...(token_expire_time !== undefined && { expiresAt: token_expire_time }),
    },
  };
}

/** A login as the text of a `credentials.json`. It is secret: who writes it makes the file readable to the user alone. */
export function formatCredentials(login: Login): string {
  const credentials = {
    source: 'manual',
    ...(login.expiresAt !== undefined && { token_expire_time: String(login.expiresAt) }),
    auth: {
      cosy_key: login.cosyKey,
      encrypt_user_info: login.encryptUserInfo,
      user_id: login.userId,
      machine_id: login.machineId,
      ...(login.organizationId !== undefined && { organization_id: login.organizationId }),
    },
  };
  return `${JSON.stringify(credentials, undefined, 2)}\n`;
}
