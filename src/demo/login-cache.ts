import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A made-up person who is signed in to the simulated Lingma. */
export interface SimulatedLogin {
  readonly key: string;
  readonly encryptUserInfo: string;
  readonly uid: string;
  readonly name: string;
  readonly organizationId: string;
  readonly machineId: string;
  /** Unix milliseconds. */
  readonly expireTime: number;
}

/** A new login; with `previous`, the same person's on the same computer with new keys. */
export function makeLogin(previous?: SimulatedLogin): SimulatedLogin {
  const key = randomBytes(16).toString('hex');
  return {
    key,
    encryptUserInfo: createHash('sha512').update(key).digest('base64'),
    uid: previous?.uid ?? String(1_000_000_000 + Math.floor(Math.random() * 1_000_000_000)),
    name: '模拟用户 Demo User',
    organizationId: previous?.organizationId ?? '',
    machineId: previous?.machineId ?? randomUUID(),
    expireTime: Date.now() + 30 * 24 * 3_600_000,
  };
}

/** Writes `cache/user` and `cache/id` below `root`, as the IDE plugin does. */
export function writeLoginCache(root: string, login: SimulatedLogin): void {
  const plaintext = JSON.stringify({
    key: login.key,
    encrypt_user_info: login.encryptUserInfo,
    uid: login.uid,
    name: login.name,
    organization_id: login.organizationId,
    user_type: 'personal_standard',
    security_oauth_token: `pt-${login.key}`,
    refresh_token: `rt-${login.key}`,
    expire_time: String(login.expireTime),
  });
  writeCacheFile(root, 'id', `${login.machineId}\n`);
  writeCacheFile(root, 'user', encrypt(plaintext, login.machineId));
}

/** Leaves `cache/user` as a reader may catch it while it is being written: cut in the middle. */
export function writeTruncatedLoginCache(root: string, login: SimulatedLogin): void {
  writeCacheFile(
    root,
    'user',
    encrypt(JSON.stringify({ key: login.key, uid: login.uid }), login.machineId).slice(0, 21),
  );
}

/** Key and IV are both the first 16 bytes of the machine id. */
function encrypt(plaintext: string, machineId: string): string {
  const key = Buffer.from(machineId, 'utf8').subarray(0, 16);
  const cipher = createCipheriv('aes-128-cbc', key, key);
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64');
}

function writeCacheFile(root: string, name: string, text: string): void {
  const folder = join(root, 'cache');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
