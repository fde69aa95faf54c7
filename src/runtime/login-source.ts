import { ProxyError } from '../core/errors.ts';
import { english, inWords, type Phrase, phrase } from '../core/localizer.ts';
import type { Login } from '../core/login.ts';
import { onDemand } from '../core/on-demand.ts';
import { type Computer, thisComputer, variable } from './computer.ts';
import { loginRoots } from './locations.ts';
import type { LoginFault } from './login-cache.ts';
import { LoginFile } from './login-file.ts';

export interface LoginSourceOptions {
  /** Default: the one that this runs on. */
  readonly computer?: Computer;
  /** A `credentials.json`; then nothing else is looked at. */
  readonly authFile?: string;
  /** The folder that holds `cache/user`; '' and undefined leave it to `LINGMA_CACHE_DIR`, then to the usual places. */
  readonly cacheDirectory?: string;
  /** Which of several usable logins: the first in order, the newest file, or the one that expires last. Default `auto`. */
  readonly pick?: 'auto' | 'newest' | 'longest';
}

/** A place where a login was looked for. Holds no secret. */
export interface LoginCandidate {
  readonly source: string;
  readonly status: 'chosen' | 'usable' | 'expired' | 'unreadable' | 'missing';
  /** Why it was chosen or not, as the end of a sentence that begins with the source. English. */
  readonly reason: string;
  /** What kind of reason it is, where it is unreadable. */
  readonly fault?: LoginFault;
  /** Unix milliseconds. */
  readonly expiresAt?: number;
}

export interface LoginSource {
  /**
   * The login to use now. A file that has changed is read again first; what was looked at less than 20 ms ago is not, unless `anew`
   * says so. Where there was no login before is looked at again at most once a second; as long as there is one elsewhere, a find
   * counts from the next call on. Throws `login-required` with what to do.
   */
  read(anew?: 'anew'): Promise<Login>;
  /** Every place that counts and what came of it, in order. Never throws. */
  describe(): Promise<readonly LoginCandidate[]>;
  /** The login that was last read, without its secrets. */
  current(): { readonly source: string; readonly expiresAt?: number } | undefined;
}

interface Usable {
  readonly login: Login;
  readonly modifiedAt: number;
}

const fullLookEvery = 1_000;
/** Requests that come so shortly after one another share a look at the files. */
const lookEvery = 20;

/** The user's own login as the IDE keeps it, or as a credentials file holds it. Files are only read. */
export function createLoginSource(options: LoginSourceOptions = {}): LoginSource {
  return new FileLoginSource(options);
}

class FileLoginSource implements LoginSource {
  readonly #computer: Computer;
  readonly #pick: 'auto' | 'newest' | 'longest';
  /** Dozens of places; a start goes without them. */
  readonly #files: () => readonly LoginFile[];
  readonly #remedy: Phrase;
  /** When a login was last seen to be in place, and when all places were last looked at. */
  #seenAt = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #chosen: Login | undefined;

  constructor(options: LoginSourceOptions) {
    this.#computer = options.computer ?? thisComputer();
    this.#pick = options.pick ?? 'auto';
    const cacheDirectory = options.cacheDirectory || variable(this.#computer, 'LINGMA_CACHE_DIR');
    if (options.authFile) {
      const { authFile } = options;
      this.#files = onDemand(() => [LoginFile.credentials(this.#computer, authFile)]);
      this.#remedy = phrase("Correct the file, or clear remote_auth_file to use the IDE's own login.");
    } else {
      this.#files = onDemand(() =>
        loginRoots(this.#computer, cacheDirectory).map((root) => LoginFile.cache(this.#computer, root)),
      );
      this.#remedy = phrase('Open Lingma or QoderCN and sign in; the proxy finds the new login by itself.');
    }
  }

  async read(anew?: 'anew'): Promise<Login> {
    const now = this.#computer.now();
    const age = now - this.#seenAt;
    // Below zero once the clock has been set back.
    const isFresh = anew === undefined && age >= 0 && age < lookEvery;
    if (isFresh && this.#chosen !== undefined && !isExpired(this.#chosen, now)) return this.#chosen;
    await this.#look(false);
    if (this.#chosen === undefined) throw this.#loginRequired();
    return this.#chosen;
  }

  async describe(): Promise<readonly LoginCandidate[]> {
    await this.#looking;
    await this.#look(true);
    return this.#files().map((file) => this.#describe(file));
  }

  current(): { readonly source: string; readonly expiresAt?: number } | undefined {
    if (this.#chosen === undefined) return undefined;
    const { source, expiresAt } = this.#chosen;
    return expiresAt === undefined ? { source } : { source, expiresAt };
  }

  /** Requests that come together share one look. */
  #look(everywhere: boolean): Promise<void> {
    this.#looking ??= this.#lookNow(everywhere).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookNow(everywhere: boolean): Promise<void> {
    const now = this.#computer.now();
    if (!everywhere && this.#chosen !== undefined) {
      await refreshAll(this.#files().filter((file) => file.state.kind !== 'missing'));
      this.#choose();
      if (this.#chosen !== undefined) {
        this.#seenAt = now;
        if (now - this.#lookedAt >= fullLookEvery) this.#lookElsewhere(now);
        return;
      }
    }
    this.#lookedAt = now;
    await refreshAll(this.#files());
    this.#seenAt = now;
    this.#choose();
  }

  /** Dozens of places, of which hardly any ever has a login: no request waits for them as long as there is one. */
  #lookElsewhere(now: number): void {
    this.#lookedAt = now;
    const missing = this.#files().filter((file) => file.state.kind === 'missing');
    void refreshAll(missing).then(() => this.#choose());
  }

  #choose(): void {
    const now = this.#computer.now();
    const usable = this.#files().flatMap(({ state }) =>
      state.kind === 'login' && !isExpired(state.login, now) ? [state] : [],
    );
    this.#chosen = pickLogin(usable, this.#pick)?.login;
  }

  #describe({ path, state }: LoginFile): LoginCandidate {
    if (state.kind === 'missing') return { source: path, status: 'missing', reason: 'does not exist' };
    if (state.kind === 'unreadable')
      return {
        source: path,
        status: 'unreadable',
        reason: inWords(state.reason, english),
        fault: state.fault,
      };
    const { login, staleReason } = state;
    const expiry = login.expiresAt === undefined ? {} : { expiresAt: login.expiresAt };
    if (isExpired(login, this.#computer.now())) {
      return {
        source: path,
        status: 'expired',
        reason: `expired on ${showTime(login.expiresAt)}`,
        ...expiry,
      };
    }
    const stale =
      staleReason === undefined
        ? ''
        : `; it ${inWords(staleReason, english)} now, and the login read before is used`;
    if (login === this.#chosen) {
      return { source: path, status: 'chosen', reason: `is ${whyChosen[this.#pick]}${stale}`, ...expiry };
    }
    return { source: path, status: 'usable', reason: `is not ${whyChosen[this.#pick]}${stale}`, ...expiry };
  }

  /** Names the first file that there is: that is the one to be put right. */
  #loginRequired(): ProxyError {
    const file = this.#files().find(({ state }) => state.kind !== 'missing');
    return new ProxyError('login-required', [this.#problemOf(file), this.#remedy]);
  }

  #problemOf(file: LoginFile | undefined): Phrase {
    if (file === undefined || file.state.kind === 'missing') {
      const files = this.#files();
      const [only] = files;
      if (only && files.length === 1) return phrase('There is no login: {0} does not exist.', only.path);
      return phrase(
        'There is no login of Lingma or QoderCN on this computer ({0} places were looked at).',
        files.length,
      );
    }
    if (file.state.kind === 'unreadable')
      return phrase('The login cannot be used: {0} {1}.', file.path, file.state.reason);
    return phrase('The login in {0} expired on {1}.', file.path, showTime(file.state.login.expiresAt));
  }
}

const whyChosen = {
  auto: 'the first usable login in order',
  newest: 'the usable login with the newest file',
  longest: 'the usable login that expires last',
} as const;

async function refreshAll(files: readonly LoginFile[]): Promise<void> {
  await Promise.all(files.map((file) => file.refresh()));
}

function isExpired({ expiresAt }: Login, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

function pickLogin(usable: readonly Usable[], pick: 'auto' | 'newest' | 'longest'): Usable | undefined {
  const rank = ({ login, modifiedAt }: Usable): number => {
    switch (pick) {
      case 'auto':
        return 0;
      case 'newest':
        return modifiedAt;
      case 'longest':
        return login.expiresAt ?? 0;
      default:
        return pick satisfies never;
    }
  };
  return usable.reduce<Usable | undefined>(
    (best, each) => (best === undefined || rank(each) > rank(best) ? each : best),
    undefined,
  );
}

/** `2026-04-30 03:33 UTC` */
function showTime(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return 'an unknown date';
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
