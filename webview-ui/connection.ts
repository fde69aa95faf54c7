import type { AllCalls, CallName, ToPanel, ToWebview } from '../src/shared/panel-messages.ts';

/** What VS Code gives a webview. */
export interface WebviewApi {
  postMessage(message: ToPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}

export type CallInput<Name extends CallName> = AllCalls[Name]['input'];
export type CallOutput<Name extends CallName> = AllCalls[Name]['output'];

/** Asks the proxy or VS Code for something. Rejects with an `Error` whose message is meant for people. */
export type Call = <Name extends CallName>(name: Name, input: CallInput<Name>) => Promise<CallOutput<Name>>;

/** What the host tells by itself. */
export type Notice = Exclude<ToWebview, { readonly type: 'answer' | 'problem' }>;
export type NoticeOf<Type extends Notice['type']> = Extract<Notice, { readonly type: Type }>;

interface PendingCall {
  resolve(output: unknown): void;
  reject(problem: Error): void;
}

/** The page's side of the messages between it and the extension. */
export class Connection {
  readonly #api: WebviewApi;
  readonly #pending = new Map<number, PendingCall>();
  readonly #listeners = new Set<(notice: Notice) => void>();
  #lastNumber = 0;

  constructor(api: WebviewApi, incoming: EventTarget) {
    this.#api = api;
    incoming.addEventListener('message', (event) => {
      if (event instanceof MessageEvent && isFromHost(event.data)) this.#receive(event.data);
    });
  }

  /** Bound, so that components can be handed it. */
  readonly call: Call = (name, input) => {
    const number = ++this.#lastNumber;
    const answer = new Promise<CallOutput<typeof name>>((resolve, reject) => {
      // The host is of the same build: what answers a call has that call's shape.
      this.#pending.set(number, { resolve: (output) => resolve(output as CallOutput<typeof name>), reject });
    });
    this.#api.postMessage({ type: 'call', number, name, input });
    return answer;
  };

  /** Says that the page listens; the host then tells how things stand. */
  ready(): void {
    this.#api.postMessage({ type: 'ready' });
  }

  /** Hears one kind of notice. Returns the way to stop listening. */
  on<Type extends Notice['type']>(type: Type, listener: (notice: NoticeOf<Type>) => void): () => void {
    const hear = (notice: Notice) => {
      if (isOfType(notice, type)) listener(notice);
    };
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  /** What `saveState` was last given by this panel, also before it was hidden or the window reloaded. */
  savedState(): unknown {
    return this.#api.getState();
  }

  saveState(state: unknown): void {
    this.#api.setState(state);
  }

  #receive(message: ToWebview): void {
    switch (message.type) {
      case 'answer':
        this.#take(message.number)?.resolve(message.output);
        break;
      case 'problem':
        this.#take(message.number)?.reject(new Error(message.message));
        break;
      case 'requests':
      case 'proxy':
      case 'models-changed':
      case 'reveal':
        for (const listener of this.#listeners) listener(message);
        break;
      default:
        message satisfies never;
    }
  }

  #take(number: number): PendingCall | undefined {
    const pending = this.#pending.get(number);
    this.#pending.delete(number);
    return pending;
  }
}

function isFromHost(data: unknown): data is ToWebview {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string';
}

function isOfType<Type extends Notice['type']>(notice: Notice, type: Type): notice is NoticeOf<Type> {
  return notice.type === type;
}
