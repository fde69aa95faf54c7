import { once } from 'node:events';
import { join } from 'node:path';
import { startProcess, stopProcess } from '../bench/processes.ts';

export type UpstreamCommand = 'tell' | 'restart the runtime' | 'rotate the login';

/** What the simulated Lingma has to do just now. */
export interface UpstreamState {
  readonly sessions: number;
  /** Those of them that had a prompt: the others may be ready for the next turn. */
  readonly usedSessions: number;
  readonly runningTurns: number;
  readonly openRequests: number;
  readonly openConnections: number;
  readonly requestsEver: number;
  /** Characters of endless answers that were taken so far, by the answer's name. */
  readonly taken: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

/** The simulated Lingma in a process of its own. */
export interface UpstreamProcess {
  readonly environment: Readonly<Record<string, string>>;
  /** Does as told, one thing after the other, and tells how it is afterwards. */
  send(command: UpstreamCommand): Promise<UpstreamState>;
  stop(): Promise<void>;
}

export async function startUpstreamProcess(): Promise<UpstreamProcess> {
  const child = startProcess(process.execPath, [join(import.meta.dirname, 'upstream.ts')]);
  const [{ environment }] = await once(child, 'message');
  let last: Promise<unknown> = Promise.resolve();
  return {
    environment,
    send(command) {
      const answer = last.then(async (): Promise<UpstreamState> => {
        const told = once(child, 'message');
        child.send(command);
        return (await told)[0];
      });
      last = answer;
      return answer;
    },
    stop: () => stopProcess(child),
  };
}
