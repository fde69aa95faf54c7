import { type Phrase, phrase } from '../core/localizer.ts';
import { type RuntimeEndpoint, sourceName } from '../core/login.ts';
import { parseUrl } from '../core/parse-url.ts';
import { type Computer, pathsOf, thisComputer, variable } from './computer.ts';
import { decodeText, type FileFault } from './files.ts';
import { type Flavour, flavourOfPath, runtimeLocations } from './locations.ts';
import { parseRuntimeInfo } from './runtime-info.ts';

export interface RuntimeEndpointOptions {
  /** Default: the one that this runs on. */
  readonly computer?: Computer;
  /** `auto`, the default, means both kinds. */
  readonly transport?: 'auto' | 'websocket' | 'pipe';
  /** The settings of the same names; '' and undefined leave it to the environment. */
  readonly websocketUrl?: string;
  readonly pipe?: string;
  readonly sharedClientInfo?: string;
}

/** Where a runtime may answer, the best place first, and what was found but passed over. */
export interface RuntimeEndpoints {
  readonly endpoints: readonly RuntimeEndpoint[];
  readonly rejected: readonly RejectedSource[];
}

/** The kind of reason for which a place was passed over. */
export type RejectionFault =
  | FileFault
  /** Its process is gone. */
  | 'left-over'
  /** Not of the kind that the transport is set to. */
  | 'other-transport'
  /** Names what is not on this computer. */
  | 'not-local'
  /** An address that was set, and is none. */
  | 'not-an-address';

export interface RejectedSource {
  readonly source: string;
  readonly fault: RejectionFault;
  /** Why, as the end of a sentence that begins with the source. */
  readonly reason: Phrase;
}

const infoFiles = ['.info.json', '.info'];
const socketFiles = ['qodercn.sock', 'lingma.sock'];
const pipeFolder = '\\\\.\\pipe\\';
const largestInfoFile = 64 * 1024;

/**
 * Finds the runtimes of Lingma and QoderCN on this computer. An explicit address (setting or environment) is the only one returned,
 * so that nothing else answers in its stead. Otherwise: on Windows pipes before WebSockets, elsewhere WebSockets before sockets, and
 * QoderCN before Lingma within each. Nothing is connected to: whether a place refuses is for the caller to find out. Never throws.
 */
export async function findRuntimeEndpoints(options: RuntimeEndpointOptions = {}): Promise<RuntimeEndpoints> {
  const computer = options.computer ?? thisComputer();
  const transport = options.transport ?? 'auto';
  const search = new Search(computer);
  search.addExplicit(options);
  if (!search.endpoints.some((endpoint) => isWanted(endpoint, transport))) {
    const named = options.sharedClientInfo || variable(computer, 'LINGMA_SHARED_CLIENT_INFO');
    if (named === undefined) await search.addUsualPlaces();
    else await search.addNamedPlace(named, options.sharedClientInfo ? 'setting' : 'environment');
  }
  const first = computer.platform === 'win32' ? 'pipe' : 'websocket';
  const rank = ({ transport, flavour }: RuntimeEndpoint) =>
    (transport === first ? 0 : 2) + (flavour === 'lingma' ? 1 : 0);
  const wanted = search.endpoints.filter((endpoint) => isWanted(endpoint, transport));
  const unwanted = search.endpoints.filter((endpoint) => !isWanted(endpoint, transport));
  return {
    endpoints: distinct(wanted).sort((one, other) => rank(one) - rank(other)),
    rejected: [
      ...search.rejected,
      ...unwanted.map(({ source, transport: kind }) => ({
        source,
        fault: 'other-transport' as const,
        reason: phrase('is a {0}, and the transport is set to {1}', kind, transport),
      })),
    ],
  };
}

/** One look around; gathers what it finds in the order in which it looks. */
class Search {
  readonly endpoints: RuntimeEndpoint[] = [];
  readonly rejected: RejectedSource[] = [];
  readonly #computer: Computer;
  /** Pipes of runtimes that are gone: their sockets may still lie about. */
  readonly #stale = new Set<string>();

  constructor(computer: Computer) {
    this.#computer = computer;
  }

  addExplicit(options: RuntimeEndpointOptions): void {
    const url = explicit(this.#computer, options.websocketUrl, 'websocket_url', ['LINGMA_PROXY_WS_URL']);
    if (url !== undefined) this.#addWebSocketUrl(url.value, url.source);
    const pipe = explicit(this.#computer, options.pipe, 'pipe', ['LINGMA_IPC_PIPE', 'LINGMA_IPC_SOCKET']);
    if (pipe !== undefined) {
      this.#add({ transport: 'pipe', address: pipe.value, source: pipe.source }, flavourOfPath(pipe.value));
    }
  }

  /** A file or a folder that the user named: then no other place counts. */
  async addNamedPlace(path: string, by: string): Promise<void> {
    const stamp = await this.#computer.files.stat(path);
    const flavour = flavourOfPath(path);
    if (stamp?.kind === 'directory') {
      const found = this.endpoints.length + this.rejected.length;
      await this.#addFolder(path, flavour);
      if (this.endpoints.length + this.rejected.length === found) {
        this.#reject(path, 'missing', phrase('holds no info file (named by {0})', sourceName(by)));
      }
    } else if (!(await this.#addInfoFile(path, flavour))) {
      this.#reject(path, 'missing', phrase('does not exist (named by {0})', sourceName(by)));
    }
  }

  async addUsualPlaces(): Promise<void> {
    const locations = runtimeLocations(this.#computer);
    const stamps = await Promise.all(locations.map(({ path }) => this.#computer.files.stat(path)));
    for (const [index, { path, flavour }] of locations.entries()) {
      if (stamps[index]?.kind === 'directory') await this.#addFolder(path, flavour);
    }
    if (this.#computer.platform === 'win32') await this.#addNamedPipes();
  }

  async #addFolder(folder: string, flavour: Flavour | undefined): Promise<void> {
    const { join } = pathsOf(this.#computer);
    for (const name of infoFiles) await this.#addInfoFile(join(folder, name), flavour);
    if (this.#computer.platform === 'win32') return;
    for (const name of socketFiles) {
      const path = join(folder, name);
      if ((await this.#computer.files.stat(path))?.kind !== 'socket') continue;
      if (this.#stale.has(path)) this.#reject(path, 'left-over', phrase('belongs to a process that is gone'));
      else this.#add({ transport: 'pipe', address: path, source: path }, flavour);
    }
  }

  /** False when there is no such file. */
  async #addInfoFile(path: string, flavour: Flavour | undefined): Promise<boolean> {
    const content = await this.#computer.files.readTail(path, largestInfoFile);
    if ('problem' in content) {
      if (!content.isMissing) this.#reject(path, 'unreadable', content.problem);
      return !content.isMissing;
    }
    const info = parseRuntimeInfo(decodeText(content.bytes));
    if ('problem' in info) {
      this.#reject(path, info.fault, info.problem);
    } else if (info.pid !== undefined && !this.#computer.isProcessAlive(info.pid)) {
      if (info.pipe !== undefined) this.#stale.add(info.pipe);
      this.#reject(path, 'left-over', phrase('is left over: its process {0} is gone', info.pid));
    } else {
      if (info.port !== undefined) {
        this.#add({ transport: 'websocket', address: `ws://127.0.0.1:${info.port}`, source: path }, flavour);
      }
      if (info.pipe !== undefined) this.#addPipeOfInfo(info.pipe, path, flavour);
    }
    return true;
  }

  /** An info file may name what lies on this computer only: `\\server\pipe\x` would be another one. */
  #addPipeOfInfo(address: string, source: string, flavour: Flavour | undefined): void {
    const isLocal =
      this.#computer.platform === 'win32' ? /^\\\\[.?]\\pipe\\[^\\]/i.test(address) : address.startsWith('/');
    if (isLocal) this.#add({ transport: 'pipe', address, source }, flavour);
    else this.#reject(source, 'not-local', phrase('names a pipe that is not a local absolute path'));
  }

  async #addNamedPipes(): Promise<void> {
    const names = await this.#computer.files.list(pipeFolder);
    for (const [prefix, flavour] of [['qodercn-', 'qoder'] as const, ['lingma-', 'lingma'] as const]) {
      for (const name of names.filter((each) => each.toLowerCase().startsWith(prefix))) {
        const address = `${pipeFolder}${name}`;
        if (this.#stale.has(address))
          this.#reject(address, 'left-over', phrase('belongs to a process that is gone'));
        else this.#add({ transport: 'pipe', address, source: pipeFolder }, flavour);
      }
    }
  }

  #addWebSocketUrl(address: string, source: string): void {
    const isValid = /^wss?:$/.test(parseUrl(address)?.protocol ?? '');
    if (isValid) this.#add({ transport: 'websocket', address, source }, undefined);
    else this.#reject(source, 'not-an-address', phrase('is not a ws:// or wss:// URL'));
  }

  #add(endpoint: Omit<RuntimeEndpoint, 'flavour'>, flavour: Flavour | undefined): void {
    this.endpoints.push(flavour === undefined ? endpoint : { ...endpoint, flavour });
  }

  #reject(source: string, fault: RejectionFault, reason: Phrase): void {
    this.rejected.push({ source, fault, reason });
  }
}

function explicit(
  computer: Computer,
  setting: string | undefined,
  key: string,
  variables: readonly string[],
): { readonly value: string; readonly source: string } | undefined {
  if (setting) return { value: setting, source: `setting ${key}` };
  for (const name of variables) {
    const value = variable(computer, name);
    if (value !== undefined) return { value, source: `environment ${name}` };
  }
  return undefined;
}

function isWanted({ transport }: RuntimeEndpoint, wanted: 'auto' | 'websocket' | 'pipe'): boolean {
  return wanted === 'auto' || transport === wanted;
}

function distinct(endpoints: readonly RuntimeEndpoint[]): RuntimeEndpoint[] {
  const byAddress = new Map<string, RuntimeEndpoint>();
  for (const endpoint of endpoints) {
    if (!byAddress.has(endpoint.address)) byAddress.set(endpoint.address, endpoint);
  }
  return [...byAddress.values()];
}
