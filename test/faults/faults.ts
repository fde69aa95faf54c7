import {
  type IpcScenario,
  ipcScenarios,
  type RemoteScenario,
  remoteScenarios,
} from '../../src/demo/scenarios.ts';
import type { Simulator } from '../../src/demo/simulator.ts';

/** Something that goes wrong upstream, or is merely odd there. */
export interface Fault {
  readonly name: string;
  /** Before each request. */
  readonly strike: (simulator: Simulator) => Promise<void> | void;
  /** Before the next request, which has to be answered. */
  readonly mend?: (simulator: Simulator) => Promise<void> | void;
  /** `answer`: it does no harm. `error`: there is no way to a whole answer. */
  readonly outcome: 'answer' | 'error';
}

type RemoteName = keyof typeof remoteScenarios;
type IpcName = keyof typeof ipcScenarios;

/** Scenarios that are odd and do no harm; all others are errors. */
const harmlessRemotely: readonly RemoteName[] = [
  'duplicate end',
  'finish event only',
  'done as a body',
  'done bare',
  'no usage',
  'no envelope',
];
const harmlessOverIpc: readonly IpcName[] = [
  'prompt reply first',
  'prompt reply late',
  'prompt reply never',
  'foreign updates',
  'out of order',
  'killed before the turn',
];

/** Changes what the model says, so that there is no one text to compare with; see upstream-faults.test.ts. */
const otherText: readonly RemoteName[] = ['huge chunk'];

const moreRemotely: Readonly<Record<string, RemoteScenario>> = {
  'reset after 40 bytes': { resetAfterBytes: 40 },
  'reset after 400 bytes': { resetAfterBytes: 400 },
  'reset after 3,000 bytes': { resetAfterBytes: 3_000 },
  'an error that is a page': { status: 502, body: '<html><h1>Bad Gateway</h1></html>' },
  'an error without a word': { status: 500, body: '' },
  'a page instead of a stream': { status: 200, body: '<html>Sign in</html>' },
};

const remoteLogin: readonly Fault[] = [
  { name: 'login rotated', strike: (simulator) => simulator.rotateLogin(), outcome: 'answer' },
  {
    name: 'login expired',
    strike: (simulator) => simulator.expireLogin(),
    mend: (simulator) => simulator.rotateLogin(),
    outcome: 'error',
  },
];

const ipcRuntime: readonly Fault[] = [
  { name: 'connection dropped between two', strike: ({ ipc }) => ipc.dropConnections(), outcome: 'answer' },
  { name: 'runtime back on another port', strike: ({ ipc }) => ipc.restart(), outcome: 'answer' },
  {
    name: 'runtime gone',
    strike: ({ ipc }) => ipc.stop(),
    mend: ({ ipc }) => ipc.start(),
    outcome: 'error',
  },
];

export const faults: Readonly<Record<'remote' | 'ipc', readonly Fault[]>> = {
  remote: [
    ...entries(remoteScenarios)
      .filter(([name]) => !otherText.includes(name))
      .map(([name, scenario]) => remoteFault(name, scenario, harmlessRemotely.includes(name))),
    ...Object.entries(moreRemotely).map(([name, scenario]) => remoteFault(name, scenario, false)),
    ...remoteLogin,
  ],
  ipc: [
    ...entries(ipcScenarios)
      // Takes the whole time that a set-up may take: it has a test of its own.
      .filter(([name]) => name !== 'session/new silent')
      .map(([name, scenario]) => ipcFault(name, scenario, harmlessOverIpc.includes(name))),
    ...ipcRuntime,
  ],
};

function remoteFault(name: string, scenario: RemoteScenario, harmless: boolean): Fault {
  return {
    name,
    strike: (simulator) => simulator.setScenario('remote', scenario),
    mend: (simulator) => simulator.setScenario('remote', undefined),
    outcome: harmless ? 'answer' : 'error',
  };
}

function ipcFault(name: string, scenario: IpcScenario, harmless: boolean): Fault {
  return {
    name,
    strike: (simulator) => simulator.setScenario('ipc', [scenario]),
    mend: (simulator) => simulator.setScenario('ipc', undefined),
    outcome: harmless ? 'answer' : 'error',
  };
}

function entries<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][];
}
