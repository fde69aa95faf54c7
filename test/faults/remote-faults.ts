import { type RemoteScenario, remoteScenarios } from '../../src/demo/scenarios.ts';
import type { Fault } from './fault.ts';

type Named = readonly [name: string, scenario: RemoteScenario, outcome: Fault['outcome']];

/** The status that a client gets for one of upstream's. */
const statuses: readonly (readonly [upstream: number, client: number])[] = [
  [302, 503],
  [400, 400],
  [401, 401],
  [402, 400],
  [403, 403],
  [404, 400],
  [408, 504],
  [413, 413],
  [429, 429],
  [500, 503],
  [502, 503],
  [503, 503],
  [504, 503],
];

/** In an envelope 404 is about the model: the base URL is right. */
const inEnvelopes = statuses
  .filter(([upstream]) => upstream >= 400)
  .map(([upstream, client]) => [upstream, upstream === 404 ? 404 : client] as const);

const envelope = (statusCodeValue: number, afterChunks: number) => ({
  errorEnvelope: { statusCodeValue, afterChunks, message: 'upstream refuses' },
});

const scenarios: readonly Named[] = [
  ...statuses.map(([status, client]): Named => [`status ${status}`, { status }, client]),
  ...inEnvelopes.map(
    ([status, client]): Named => [`error ${status} inside a 200`, envelope(status, 0), client],
  ),
  ...inEnvelopes.map(
    ([status, client]): Named => [`error ${status} in mid-stream`, envelope(status, 4), client],
  ),
  ['error chunk in mid-stream', remoteScenarios['error chunk in mid-stream'], 503],
  ['error as a document in a 200', { status: 200, body: '{"error":{"message":"no","code":500}}' }, 503],
  ['a page with an error status', { status: 502, body: '<html><h1>Bad Gateway</h1></html>' }, 503],
  ['an error without a word', { status: 500, body: '' }, 503],
  ['a page instead of a stream', { status: 200, body: '<html>Sign in</html>' }, 502],
  ['an empty 200', { status: 200, body: '' }, 502],
  ['a JSON document cut short', { status: 200, body: '{"choices":[{"delta":' }, 502],
  ['reset before headers', { reset: true }, 503],
  ['silent before headers', { stallBefore: 'headers' }, 504],
  ['silent before the first byte', { stallBefore: 'first-byte' }, 504],
  ['silent in mid-stream', { stallAfterChunks: 4 }, 504],
  ['malformed envelope', remoteScenarios['malformed envelope'], 502],
  ['broken inner JSON', remoteScenarios['broken inner JSON'], 502],
  ['wrong encoding', remoteScenarios['wrong encoding'], 502],
  ['missing end', { ending: 'none' }, 502],
  ['endless line', remoteScenarios['endless line'], 502],
  ['duplicate end', { duplicateEnd: true }, 'answer'],
  ['text after the end', { strayAfterEnd: true }, 'answer'],
  ['finish event only', remoteScenarios['finish event only'], 'answer'],
  ['finish reason only', { ending: 'finish-reason-only' }, 'answer'],
  ['done as a body', { ending: 'done-body' }, 'answer'],
  ['done bare', { ending: 'done-bare' }, 'answer'],
  ['no usage', { usage: 'absent' }, 'answer'],
  ['no envelope', { bareChunks: true }, 'answer'],
  ['comments between events', { comments: true }, 'answer'],
  ['reply after the idle time-out', { latencyMs: 2_000 }, 504],
  ['reply before the idle time-out', { latencyMs: 100 }, 'answer'],
];

/** Positions in the stream, which has some 12,000 bytes: within each early event, then further and further apart. */
const positions = [1, 2, 5, 40, 300, 700, 1_500, 2_600, 4_100, 6_000, 8_500, 10_900];

const breaks: readonly Fault[] = positions.flatMap((resetAfterBytes) => [
  {
    ...struckBy(`reset at byte ${resetAfterBytes}`, { resetAfterBytes }, 503),
    mayAnswer: true,
  },
  {
    ...struckBy(`half-closed at byte ${resetAfterBytes}`, { resetAfterBytes, breakBy: 'half-close' }, 503),
    mayAnswer: true,
  },
  {
    ...struckBy(`ended at byte ${resetAfterBytes}`, { resetAfterBytes, breakBy: 'end' }, 502),
    mayAnswer: true,
  },
]);

const connections: readonly Fault[] = [
  {
    name: 'connection refused',
    strike: ({ remote }) => remote.stop(),
    mend: ({ remote }) => remote.start(),
    outcome: 503,
  },
  {
    name: 'gone and back between two requests',
    strike: async ({ remote }) => {
      await remote.stop();
      await remote.start();
    },
    outcome: 'answer',
  },
  { name: 'idle connections dropped', strike: ({ remote }) => remote.dropConnections(), outcome: 'answer' },
];

const login: readonly Fault[] = [
  { name: 'login rotated', strike: (simulator) => simulator.rotateLogin(), outcome: 'answer' },
  {
    name: 'login cut while it is being written',
    strike: (simulator) => simulator.truncateLogin(),
    mend: (simulator) => simulator.rotateLogin(),
    outcome: 'answer',
  },
  {
    name: 'login expired',
    strike: (simulator) => simulator.expireLogin(),
    mend: (simulator) => simulator.rotateLogin(),
    outcome: 401,
  },
  ...[-1, 1].map(
    (hours): Fault => ({
      name: `clock an hour ${hours < 0 ? 'ahead' : 'behind'}`,
      strike: (simulator) => simulator.setClock(hours * 3_600_000),
      mend: (simulator) => simulator.setClock(0),
      outcome: 401,
    }),
  ),
];

/** Strikes once: a second try meets an upstream that is well. */
const renewed: Fault = {
  name: 'login renewed while the request is on its way',
  strike: (simulator) => simulator.setScenario('remote', [{ renewsLogin: true }]),
  mend: (simulator) => simulator.setScenario('remote', undefined),
  outcome: 'answer',
};

export const remoteFaults: readonly Fault[] = [
  ...scenarios.map(([name, scenario, outcome]) => struckBy(name, scenario, outcome)),
  ...breaks,
  ...connections,
  ...login,
  renewed,
];

function struckBy(name: string, scenario: RemoteScenario, outcome: Fault['outcome']): Fault {
  return {
    name,
    strike: (simulator) => simulator.setScenario('remote', scenario),
    mend: (simulator) => simulator.setScenario('remote', undefined),
    outcome,
  };
}
