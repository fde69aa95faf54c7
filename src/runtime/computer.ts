import { homedir } from 'node:os';
import * as nativePath from 'node:path';
import { diskFiles, type Files } from './files.ts';

/** The computer as this folder sees it: all that is read of it goes through here, so that tests can stand in for any platform. */
export interface Computer {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly files: Files;
  isProcessAlive(pid: number): boolean;
  /** Unix milliseconds. */
  now(): number;
}

/** The computer that the program runs on. */
export function thisComputer(): Computer {
  return {
    env: process.env,
    home: homedir(),
    platform: process.platform,
    files: diskFiles,
    isProcessAlive,
    now: Date.now,
  };
}

/** How the computer writes paths. */
export function pathsOf({ platform }: Computer): nativePath.PlatformPath {
  return platform === 'win32' ? nativePath.win32 : nativePath.posix;
}

/** The value of an environment variable; undefined when it is unset or empty. */
export function variable(computer: Computer, name: string): string | undefined {
  const value = computer.env[name]?.trim();
  return value === '' ? undefined : value;
}

/** A process that may not be signalled is alive too: it belongs to someone else. */
function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
