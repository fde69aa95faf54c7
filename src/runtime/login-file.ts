import { setTimeout as pause } from 'node:timers/promises';
import { type Phrase, phrase } from '../core/localizer.ts';
import type { Login } from '../core/login.ts';
import { type Computer, pathsOf } from './computer.ts';
import { parseCredentials } from './credentials-file.ts';
import { decodeText, type FileStamp, isSameStamp } from './files.ts';
import { decryptLoginCache, type LoginFault, type LoginProblem, type StoredLogin } from './login-cache.ts';
import { machineIdFiles, machineIds } from './machine-id.ts';

/** What a file that may hold a login was found to hold. */
export type LoginFileState =
  | { readonly kind: 'missing' }
  /** `reason` is the end of a sentence that begins with the path. */
  | { readonly kind: 'unreadable'; readonly reason: Phrase; readonly fault: LoginFault }
  | {
      readonly kind: 'login';
      readonly login: Login;
      /** Unix milliseconds. */
      readonly modifiedAt: number;
      /** Set while the file cannot be read anew and the login read before stands in. */
      readonly staleReason?: Phrase;
    };

type Decoded = { readonly login: StoredLogin } | LoginProblem;

const largestFile = 1024 * 1024;
/** A file that is being written is whole again after this. */
const tornDelay = 50;
/** How long a login read before stands in for a file that cannot be read; longer than any write takes. */
const standInFor = 60_000;
/** What a broken file lacks may come from elsewhere, such as a machine id from a log: it is read again after this. */
const rereadAfter = 30_000;

/** One file that may hold a login. It is read again only when it has changed; while it is broken, also when a machine id has. */
export class LoginFile {
  readonly path: string;
  readonly #computer: Computer;
  readonly #watched: readonly string[];
  readonly #decode: (text: string) => Promise<Decoded>;
  #stamps: readonly (FileStamp | undefined)[] = [];
  #state: LoginFileState = { kind: 'missing' };
  #brokenSince: number | undefined;
  #readAt = 0;

  private constructor(
    computer: Computer,
    path: string,
    beside: readonly string[],
    decode: (text: string) => Promise<Decoded>,
  ) {
    this.#computer = computer;
    this.path = path;
    this.#watched = [path, ...beside];
    this.#decode = decode;
  }

  /** A `credentials.json`. */
  static credentials(computer: Computer, path: string): LoginFile {
    return new LoginFile(computer, path, [], async (text) => parseCredentials(text));
  }

  /** The `cache/user` below a root. */
  static cache(computer: Computer, root: string): LoginFile {
    const path = pathsOf(computer).join(root, 'cache', 'user');
    return new LoginFile(computer, path, machineIdFiles(computer, root), (text) =>
      decryptAt(computer, root, text),
    );
  }

  /** As of the last refresh. */
  get state(): LoginFileState {
    return this.#state;
  }

  /** Brings the state up to date; costs a look at the file's stamp when nothing has changed. Never throws. */
  async refresh(): Promise<void> {
    const user = await this.#computer.files.stat(this.path);
    if (user === undefined) {
      this.#forget();
      return;
    }
    const isSettled = this.#state.kind === 'login' && this.#brokenSince === undefined;
    if (isSettled && isSameStamp(user, this.#stamps[0])) return;
    const beside = await Promise.all(this.#watched.slice(1).map((path) => this.#computer.files.stat(path)));
    const stamps = [user, ...beside];
    const isUnchanged = stamps.every((stamp, index) => isSameStamp(stamp, this.#stamps[index]));
    if (isUnchanged && this.#computer.now() - this.#readAt < rereadAfter) return;

    // Stamped before it is read: a change in between shows as another stamp next time.
    this.#stamps = stamps;
    this.#readAt = this.#computer.now();
    let decoded = await this.#read();
    if ('problem' in decoded && !isUnchanged) {
      await pause(tornDelay);
      decoded = await this.#read();
    }
    if ('problem' in decoded) {
      this.#break(decoded);
    } else {
      this.#brokenSince = undefined;
      this.#state = {
        kind: 'login',
        login: { ...decoded.login, source: this.path },
        modifiedAt: user.modifiedAt,
      };
    }
  }

  async #read(): Promise<Decoded> {
    const content = await this.#computer.files.readTail(this.path, largestFile);
    if ('problem' in content) return { problem: content.problem, fault: 'unreadable' };
    if (content.stamp.size > largestFile)
      return { problem: phrase('is too large to be a login'), fault: 'broken' };
    return this.#decode(decodeText(content.bytes));
  }

  /** A file that is gone is a sign-out; one that is there and broken may just be being written. */
  #break({ problem: reason, fault }: LoginProblem): void {
    this.#brokenSince ??= this.#computer.now();
    const standsIn = this.#state.kind === 'login' && this.#computer.now() - this.#brokenSince < standInFor;
    this.#state =
      standsIn && this.#state.kind === 'login'
        ? { ...this.#state, staleReason: reason }
        : { kind: 'unreadable', reason, fault };
  }

  #forget(): void {
    this.#stamps = [];
    this.#brokenSince = undefined;
    this.#state = { kind: 'missing' };
  }
}

/** Each machine id that the root offers is tried: one file may be left from an earlier installation. */
async function decryptAt(computer: Computer, root: string, text: string): Promise<Decoded> {
  let decoded: Decoded = {
    problem: phrase('has no machine id beside it (cache/id, cli/.auth/id, logs)'),
    fault: 'no-machine-id',
  };
  for await (const { id } of machineIds(computer, root)) {
    decoded = decryptLoginCache(text, id);
    if ('login' in decoded) return decoded;
  }
  return decoded;
}
