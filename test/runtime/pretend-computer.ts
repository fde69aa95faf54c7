import { createCipheriv } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { phrase } from '../../src/core/localizer.ts';
import type { Computer } from '../../src/runtime/computer.ts';
import { diskFiles, type Files } from '../../src/runtime/files.ts';

/** A Linux computer with an empty home folder on the real disk; pid 1 to 999 are alive, the clock is the test's. */
export interface PretendComputer extends Computer {
  env: Record<string, string>;
  time: number;
  /** Writes a file below the home folder and returns its path. */
  write(path: string, content: string | Buffer): string;
}

export function pretendComputer(t: TestContext, files: Files = diskFiles): PretendComputer {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'home-')));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return {
    env: {},
    home,
    platform: 'linux',
    files,
    time: 1_700_000_000_000,
    isProcessAlive: (pid) => pid < 1_000,
    now() {
      return this.time;
    },
    write(path, content) {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}

/** Files of any platform that are not on a disk: path to text. Folders are what the paths imply. */
export function filesInMemory(texts: Readonly<Record<string, string>>): Files {
  const stamp = (kind: 'file' | 'directory', size: number) => ({ kind, size, modifiedAt: 1, inode: 1 });
  const names = (folder: string) =>
    Object.keys(texts)
      .filter((path) => path.startsWith(folder) && path !== folder)
      .map(
        (path) =>
          path
            .slice(folder.length)
            .replace(/^[\\/]/, '')
            .split(/[\\/]/)[0] ?? '',
      );
  return {
    async stat(path) {
      const text = texts[path];
      if (text !== undefined) return stamp('file', text.length);
      return names(path).length > 0 ? stamp('directory', 0) : undefined;
    },
    async readTail(path) {
      const text = texts[path];
      if (text === undefined) return { problem: phrase('does not exist'), isMissing: true };
      return { bytes: Buffer.from(text), stamp: stamp('file', text.length) };
    },
    list: async (path) => [...new Set(names(path))],
  };
}

export const machineId = '0123456789abcdef-machine';

/** What the IDE keeps of a login, all of it made up. */
export const plainLogin = {
  key: 'cosy-key-1',
  encrypt_user_info: 'user-info-1',
  uid: 'user-1',
  name: 'Ann',
  organization_id: 'org-1',
  user_type: 'personal_standard',
  security_oauth_token: 'oauth',
  refresh_token: 'refresh',
  expire_time: '1800000000000',
};

/** The text of `cache/user` for a plaintext. */
export function encrypted(plaintext: unknown, id = machineId): string {
  const secret = Buffer.from(id).subarray(0, 16);
  const cipher = createCipheriv('aes-128-cbc', secret, secret);
  const text = typeof plaintext === 'string' ? plaintext : JSON.stringify(plaintext);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}
