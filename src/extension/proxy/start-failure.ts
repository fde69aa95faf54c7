/** What can be done about a proxy that did not start. */
export type FailureRemedy = 'settings' | 'another-port' | 'log';

/** Why the proxy did not start, for people. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
  readonly remedy: FailureRemedy;

  constructor(message: string, remedy: FailureRemedy) {
    super(message);
    this.remedy = remedy;
  }

  /** Whatever was thrown. */
  static from(thrown: unknown): StartFailure {
    if (thrown instanceof StartFailure) return thrown;
    return new StartFailure(thrown instanceof Error ? thrown.message : String(thrown), 'log');
  }
}
