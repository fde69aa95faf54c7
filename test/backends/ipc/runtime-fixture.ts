import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  createIpcBackend,
  type IpcBackend,
  type IpcBackendOptions,
} from '../../../src/backends/ipc/backend.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { verbatim } from '../../../src/core/localizer.ts';
import type { RuntimeEndpoint } from '../../../src/core/login.ts';
import { noTrace, type Trace, type TraceNote, type WireRequest } from '../../../src/core/trace.ts';
import type { Turn } from '../../../src/core/turn.ts';
import { type WireText, wireTextOf } from '../../../src/core/wire-text.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../src/demo/simulator.ts';

/** A simulated runtime and a backend that talks to it; both end with the test. */
export interface RuntimeFixture {
  readonly simulator: Simulator;
  readonly backend: IpcBackend;
  /** Files that the backend left in its temporary folder. */
  leftFiles(): Promise<string[]>;
}

export type Transport = RuntimeEndpoint['transport'];

/** The endpoint of the simulator's runtime as it is now. */
export function endpointOf(simulator: Simulator, transport: Transport = 'websocket'): RuntimeEndpoint {
  const address = transport === 'websocket' ? simulator.ipc.url : simulator.ipc.socketPath;
  return { transport, address, source: 'test' };
}

export async function startRuntime(
  context: TestContext,
  options: {
    readonly simulator?: SimulatorOptions;
    readonly backend?: Partial<IpcBackendOptions>;
    readonly transport?: Transport;
    readonly endpoints?: (simulator: Simulator) => readonly RuntimeEndpoint[];
  } = {},
): Promise<RuntimeFixture> {
  const simulator = await startSimulator(options.simulator);
  const temporaryDirectory = await mkdtemp(join(tmpdir(), 'ipc-backend-test-'));
  const backend = createIpcBackend({
    findEndpoints: async () => options.endpoints?.(simulator) ?? [endpointOf(simulator, options.transport)],
    noEndpointReason: () => [verbatim('There is no info file.')],
    mode: 'agent',
    shellType: 'bash',
    cwd: '/',
    currentFilePath: '',
    sessionMode: 'fresh',
    prepareSessions: false,
    temporaryDirectory,
    finishGrace: { completedMs: 50, acknowledgedMs: 5_000 },
    newId: randomUUID,
    ...options.backend,
  });
  context.after(async () => {
    await backend.dispose();
    await simulator.close();
    await rm(temporaryDirectory, { recursive: true, force: true });
  });
  return { simulator, backend, leftFiles: () => readdir(temporaryDirectory) };
}

/** A trace that keeps all it is told. */
export class RecordingTrace implements Trace {
  readonly notes: TraceNote[] = [];
  readonly requests: WireRequest[] = [];
  readonly data: string[] = [];
  note(note: TraceNote): void {
    this.notes.push(note);
  }
  upstreamRequest(request: WireRequest): void {
    this.requests.push(request);
  }
  upstreamResponse(): void {}
  /** Each message of those that are alike by itself. */
  upstreamData(piece: WireText): void {
    if (typeof piece === 'string') this.data.push(piece);
    else this.data.push(...piece.parts.map((part) => wireTextOf({ ...piece, parts: [part] })));
  }
  get methods(): string[] {
    return this.requests.map((request) => request.target);
  }
}

/** Runs a turn to its end. */
export async function runTurn(
  backend: IpcBackend,
  turn: Turn,
  { trace = noTrace, signal = new AbortController().signal }: { trace?: Trace; signal?: AbortSignal } = {},
): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  for await (const event of backend.run(turn, { signal, trace })) events.push(event);
  return events;
}

/** All text of an answer. */
export function textOf(events: readonly TurnEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}
