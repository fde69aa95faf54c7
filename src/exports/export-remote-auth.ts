import { formatCredentials } from '../runtime/credentials-file.ts';
import type { LoginSource } from '../runtime/login-source.ts';
import { writePrivateFile } from './write-private-file.ts';

export interface Exported {
  readonly file: string;
  /** The file that the login was read from. */
  readonly source: string;
  /** Unix milliseconds; absent when the login does not say. */
  readonly expiresAt?: number;
}

export interface RemoteAuthOptions {
  readonly login: LoginSource;
  readonly file: string;
  /** A file of this name may be replaced. */
  readonly overwrite: boolean;
}

/**
 * Writes the login as a credentials file, as `--remote-auth-file` reads it, readable to the user alone. It is a copy: a later sign-in
 * does not reach it. Throws a `ProxyError` when there is no login, or the file is there already.
 */
export async function exportRemoteAuth({ login, file, overwrite }: RemoteAuthOptions): Promise<Exported> {
  const found = await login.read();
  await writePrivateFile(file, formatCredentials(found), overwrite);
  const { source, expiresAt } = found;
  return { file, source, ...(expiresAt !== undefined && { expiresAt }) };
}
