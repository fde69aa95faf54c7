import { ProxyError } from '../core/errors.ts';
import { phrase } from '../core/localizer.ts';
import { type BaseUrl, sourceName } from '../core/login.ts';
import { onDemand } from '../core/on-demand.ts';
import { parseUrl } from '../core/parse-url.ts';
import { findBaseUrlHint, hintFiles } from './base-url-hints.ts';
import { type Computer, thisComputer, variable } from './computer.ts';
import { type FileStamp, isSameStamp } from './files.ts';
import { loginRoots } from './locations.ts';

export interface BaseUrlSourceOptions {
  /** Default: the one that this runs on. */
  readonly computer?: Computer;
  /** The setting `remote_base_url`; '' and undefined leave it to `LINGMA_REMOTE_BASE_URL`, then to what is found. */
  readonly setting?: string;
  /** What is said of the setting's origin. Default `setting`. */
  readonly settingSource?: string;
  /** The folder whose files alone give hints; '' and undefined leave it to `LINGMA_CACHE_DIR`, then to the usual places. */
  readonly cacheDirectory?: string;
}

/** Where the remote API is. */
export interface BaseUrlSource {
  /** Never throws: without any hint it is the default. */
  read(): Promise<BaseUrl>;
  /** As last read. */
  current(): BaseUrl | undefined;
}

const defaultBaseUrl: BaseUrl = { url: 'https://lingma.alibabacloud.com', source: 'default' };

/** Configuration files are looked at for changes this often, logs (which change all the time) with everything else. */
const checkEvery = 5_000;
const searchEvery = 5 * 60_000;
const searchAgainWithoutHint = 30_000;

/**
 * Decides where the remote API is: the setting, else the environment, else the first hint in the products' own files, else the default.
 * Throws `invalid-request` when the setting or the environment holds no http(s) URL.
 */
export function createBaseUrlSource(options: BaseUrlSourceOptions = {}): BaseUrlSource {
  const computer = options.computer ?? thisComputer();
  const fromEnvironment = variable(computer, 'LINGMA_REMOTE_BASE_URL');
  if (options.setting) return fixed(options.setting, options.settingSource ?? 'setting', 'remote_base_url');
  if (fromEnvironment) return fixed(fromEnvironment, 'environment', 'LINGMA_REMOTE_BASE_URL');
  const named = options.cacheDirectory || variable(computer, 'LINGMA_CACHE_DIR');
  return new DetectedBaseUrl(
    computer,
    onDemand(() => loginRoots(computer, named)),
  );
}

function fixed(text: string, source: string, name: string): BaseUrlSource {
  const baseUrl = { url: explicitUrl(text, source, name), source };
  return { read: async () => baseUrl, current: () => baseUrl };
}

function explicitUrl(text: string, source: string, name: string): string {
  const parsed = parseUrl(text);
  const isHttp = parsed !== undefined && /^https?:$/.test(parsed.protocol);
  if (
    !isHttp ||
    parsed.username !== '' ||
    parsed.password !== '' ||
    parsed.search !== '' ||
    parsed.hash !== ''
  ) {
    throw new ProxyError(
      'invalid-request',
      phrase(
        'The base URL of the remote API ({0}, {1}) must be an http:// or https:// URL without user name, query and fragment. Correct it, or clear it to have the address detected.',
        name,
        sourceName(source),
      ),
    );
  }
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '');
}

class DetectedBaseUrl implements BaseUrlSource {
  readonly #computer: Computer;
  readonly #roots: () => readonly string[];
  #baseUrl: BaseUrl | undefined;
  #stamps: ReadonlyMap<string, FileStamp> = new Map();
  #checkedAt = Number.NEGATIVE_INFINITY;
  #searchedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<BaseUrl> | undefined;

  constructor(computer: Computer, roots: () => readonly string[]) {
    this.#computer = computer;
    this.#roots = roots;
  }

  async read(): Promise<BaseUrl> {
    if (this.#baseUrl !== undefined && this.#computer.now() - this.#checkedAt < checkEvery)
      return this.#baseUrl;
    this.#reading ??= this.#check().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  current(): BaseUrl | undefined {
    return this.#baseUrl;
  }

  async #check(): Promise<BaseUrl> {
    const now = this.#computer.now();
    this.#checkedAt = now;
    const roots = await this.#presentRoots();
    const stamps = await this.#stampsBelow(roots);
    const patience = this.#baseUrl === defaultBaseUrl ? searchAgainWithoutHint : searchEvery;
    const isFresh = now - this.#searchedAt < patience && isSame(stamps, this.#stamps);
    if (this.#baseUrl !== undefined && isFresh) return this.#baseUrl;
    this.#searchedAt = now;
    this.#stamps = stamps;
    this.#baseUrl = await this.#search(roots);
    return this.#baseUrl;
  }

  async #search(roots: readonly string[]): Promise<BaseUrl> {
    for (const root of roots) {
      const hint = await findBaseUrlHint(this.#computer, root);
      if (hint !== undefined) return hint;
    }
    return defaultBaseUrl;
  }

  async #presentRoots(): Promise<string[]> {
    const roots = this.#roots();
    const stamps = await Promise.all(roots.map((root) => this.#computer.files.stat(root)));
    return roots.filter((_, index) => stamps[index]?.kind === 'directory');
  }

  /** The stamps of the configuration files that there are. */
  async #stampsBelow(roots: readonly string[]): Promise<Map<string, FileStamp>> {
    const paths = roots.flatMap((root) => hintFiles(this.#computer, root));
    const stamps = await Promise.all(paths.map((path) => this.#computer.files.stat(path)));
    const present = new Map<string, FileStamp>();
    for (const [index, path] of paths.entries()) {
      const stamp = stamps[index];
      if (stamp !== undefined) present.set(path, stamp);
    }
    return present;
  }
}

function isSame(one: ReadonlyMap<string, FileStamp>, other: ReadonlyMap<string, FileStamp>): boolean {
  return one.size === other.size && [...one].every(([path, stamp]) => isSameStamp(stamp, other.get(path)));
}
