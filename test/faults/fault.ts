import type { Simulator } from '../../src/demo/simulator.ts';

/** Something that goes wrong upstream, or is merely odd there. */
export interface Fault {
  readonly name: string;
  /** Before each request; again while it runs where a promise is returned that is not settled yet. */
  readonly strike: (simulator: Simulator) => Promise<void> | void;
  /** Before the next request, which has to be answered. */
  readonly mend?: (simulator: Simulator) => Promise<void> | void;
  /** `answer`: it does no harm. A number: the status of the error; a stream that has begun has an error event instead. */
  readonly outcome: 'answer' | number;
  /** It may strike too late to do harm. */
  readonly mayAnswer?: true;
  /** Strikes all ways to ask at once, as each takes many seconds. */
  readonly slow?: true;
}
