import type { RuntimeConnection } from './connection.ts';

/** A session of ours in a runtime. */
export interface Session {
  readonly id: string;
  readonly connection: RuntimeConnection;
  /** The model it is set to. */
  readonly modelId: string;
  /** Whether it existed before the turn that uses it: then the runtime may have forgotten it since. */
  readonly existedBefore: boolean;
}
