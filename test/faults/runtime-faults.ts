import { type IpcCall, type IpcScenario, ipcScenarios } from '../../src/demo/scenarios.ts';
import type { Simulator } from '../../src/demo/simulator.ts';
import type { Fault } from './fault.ts';

/** The calls of a turn up to its prompt, in order; those of the connection come only on a new one. */
const setUp: readonly { readonly call: IpcCall; readonly reconnects: boolean }[] = [
  { call: 'initialize', reconnects: true },
  { call: 'config/queryModels', reconnects: true },
  { call: 'session/new', reconnects: false },
  { call: 'session/set_model', reconnects: false },
];

const refusal = { code: -32_603, message: 'no capacity' };

const duringSetUp: readonly Fault[] = setUp.flatMap(({ call, reconnects }) => {
  const struck = (what: string, scenario: IpcScenario, outcome: Fault['outcome']): Fault => {
    const fault = struckBy(`${call} ${what}`, { ...scenario, call }, outcome);
    return reconnects ? onNewConnection(fault) : fault;
  };
  return [
    // What it listed before is known.
    struck('refused', { error: refusal }, call === 'config/queryModels' ? 'answer' : 503),
    struck('answered late', { delayMs: 100 }, 'answer'),
    // A runtime that takes a connection and breaks it before it is one is no runtime.
    struck('breaks the connection', { kill: true }, call === 'initialize' ? 503 : 'answer'),
    struck('restarts the runtime', { restart: true }, call === 'initialize' ? 503 : 'answer'),
    { ...struck('never answered', { silent: true }, call === 'initialize' ? 503 : 504), slow: true },
  ];
});

const statuses: readonly (readonly [runtime: number, client: number])[] = [
  [401, 401],
  [403, 403],
  [404, 404],
  [408, 504],
  [413, 413],
  [429, 429],
  [500, 503],
  [503, 503],
  [504, 504],
];

const duringTurn: readonly Fault[] = [
  ...statuses.map(([statusCode, client]) =>
    struckBy(`finish with status ${statusCode}`, { chatFinish: { statusCode } }, client),
  ),
  struckBy('finish with a failing reason', { chatFinish: { reason: 'error' } }, 503),
  struckBy('missing finish', { chatFinish: 'never' }, 'answer'),
  struckBy('missing finish and reply', { chatFinish: 'never', promptReply: 'never' }, 504),
  struckBy('prompt refused', ipcScenarios['prompt refused'], 503),
  struckBy('prompt answered first', { promptReply: 'first' }, 'answer'),
  struckBy('prompt answered late', { promptReply: 'late' }, 'answer'),
  struckBy('prompt never answered', { promptReply: 'never' }, 'answer'),
  struckBy('foreign updates', { foreignUpdates: true }, 'answer'),
  struckBy('updates out of order, and after the end', { outOfOrder: true }, 'answer'),
  struckBy('requests of its own', { serverRequests: true }, 'answer'),
  struckBy('silent at once', { stallAfterChunks: 0 }, 504),
  struckBy('silent in mid-turn', { stallAfterChunks: 3 }, 504),
  ...(['malformed', 'not-json', 'oversized', 'encoding', 'empty'] as const).map((kind) =>
    struckBy(`frame: ${kind}`, { badFrame: { afterChunks: 3, kind } }, 502),
  ),
  struckBy('frame: cut', { badFrame: { afterChunks: 3, kind: 'cut' }, killAfterChunks: 4 }, 502),
  struckBy('killed at the prompt', { kill: true }, 503),
  struckBy('restarted at the prompt', { restart: true }, 503),
  ...[0, 1, 10].flatMap((chunks) => [
    struckBy(`killed after ${chunks} chunks`, { killAfterChunks: chunks }, 503),
    struckBy(`closed after ${chunks} chunks`, { closeAfterChunks: chunks }, 503),
    struckBy(`restarted after ${chunks} chunks`, { restartAfterChunks: chunks }, 503),
  ]),
];

const betweenTurns: readonly Fault[] = [
  { name: 'connection dropped between two', strike: ({ ipc }) => ipc.dropConnections(), outcome: 'answer' },
  { name: 'runtime back on another port', strike: ({ ipc }) => ipc.restart(), outcome: 'answer' },
  { name: 'runtime gone', strike: ({ ipc }) => ipc.stop(), mend: ({ ipc }) => ipc.start(), outcome: 503 },
  struckBy('connection broken instead of the session deleted', {
    call: 'chat/deleteSessionById',
    kill: true,
  }),
  struckBy('session deleted late', { call: 'chat/deleteSessionById', delayMs: 100 }),
];

export const runtimeFaults: readonly Fault[] = [...duringSetUp, ...duringTurn, ...betweenTurns];

/** Strikes once: a second try meets a runtime that is well. */
function struckBy(name: string, scenario: IpcScenario, outcome: Fault['outcome'] = 'answer'): Fault {
  return {
    name,
    strike: (simulator) => simulator.setScenario('ipc', [scenario]),
    mend: (simulator) => simulator.setScenario('ipc', undefined),
    outcome,
  };
}

function onNewConnection(fault: Fault): Fault {
  return {
    ...fault,
    strike: async (simulator: Simulator) => {
      await simulator.ipc.restart();
      await fault.strike(simulator);
    },
  };
}
