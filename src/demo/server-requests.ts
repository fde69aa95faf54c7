import type { IpcTransport } from './ipc-transport.ts';

/** Milliseconds in which a client has to reply. */
const patience = 20_000;

const questions = [
  { method: 'client/ping', params: {} },
  { method: 'fs/read_text_file', params: { path: '/nonexistent/file' } },
  { method: 'workspace/configuration', params: { items: [{ section: 'lingma' }] } },
];

/** The requests that a runtime sends to its client; each needs a reply, whatever it says. */
export class ServerRequests {
  readonly #transport: IpcTransport;
  readonly #violate: (text: string) => void;
  readonly #open = new Map<string | number, NodeJS.Timeout>();
  #count = 0;

  constructor(transport: IpcTransport, violate: (text: string) => void) {
    this.#transport = transport;
    this.#violate = violate;
  }

  /** Sends the next request. Ids are numbers and strings in turn, and the numbers are those that clients use as well. */
  ask(): void {
    const question = questions[this.#count % questions.length];
    const id = this.#count % 2 === 0 ? this.#count : `server-${this.#count}`;
    this.#count++;
    const timer = setTimeout(() => {
      this.#open.delete(id);
      this.#violate(`JSON-RPC: no reply to the runtime's request ${id} within ${patience} ms`);
    }, patience);
    this.#open.set(id, timer.unref());
    this.#transport.send(JSON.stringify({ jsonrpc: '2.0', id, ...question }));
  }

  /** True when the reply was waited for. */
  settle(id: string | number): boolean {
    clearTimeout(this.#open.get(id));
    return this.#open.delete(id);
  }

  dispose(): void {
    for (const timer of this.#open.values()) clearTimeout(timer);
    this.#open.clear();
  }
}
