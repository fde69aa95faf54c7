import { wordsOf } from '../../core/failure.ts';
import { english, type Localizer } from '../../core/localizer.ts';

const remedies = ['settings', 'another-port', 'log'] as const;

/** What can be done about a proxy that did not start. */
export type FailureRemedy = (typeof remedies)[number];

/** Why the proxy did not start, for people. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
  readonly remedy: FailureRemedy;

  constructor(message: string, remedy: FailureRemedy) {
    super(message);
    this.remedy = remedy;
  }

  /** Whatever was thrown. What launches the proxy is a bundle of its own, with a class of its own. */
  static from(thrown: unknown, l10n: Localizer = english): StartFailure {
    if (thrown instanceof StartFailure) return thrown;
    if (!(thrown instanceof Error)) return new StartFailure(String(thrown), 'log');
    const remedy: unknown = thrown.name === 'StartFailure' ? Reflect.get(thrown, 'remedy') : undefined;
    return new StartFailure(wordsOf(thrown, l10n), isRemedy(remedy) ? remedy : 'log');
  }
}

function isRemedy(remedy: unknown): remedy is FailureRemedy {
  return remedies.some((each) => each === remedy);
}
