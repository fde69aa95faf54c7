import { type Policy, withRun } from '../core/backend.ts';
import { findListedModel, type Model } from '../core/models.ts';
import { FallbackRun } from './fallback/fallback-run.ts';
import { ModelCircuit } from './fallback/model-circuit.ts';

export interface FallbackOptions {
  readonly enabled: () => boolean;
  /** Models to go on with, the best first, by any of their names. */
  readonly models: () => readonly string[];
  /** What upstream lists, as far as it is known; only listed models are tried. */
  readonly listed: () => readonly Model[] | undefined;
  /** What the record calls the upstream. Default `remote`. */
  readonly backend?: string;
  /** Milliseconds for which a model that failed is passed over. Default 60 s. */
  readonly pauseMs?: number;
  /** Milliseconds; injectable for tests. */
  readonly now?: () => number;
}

/**
 * Goes on with the next model when one is limited, unavailable or too slow, as long as nothing of an answer has been given
 * out. `turn-start` is held back until then, so that it names the model that answers. Models that upstream does not list are
 * never tried; while its list is unknown there is no fallback. When all fail, the last error is thrown.
 */
export function fallback(options: FallbackOptions): Policy {
  const circuit = new ModelCircuit(options.pauseMs ?? 60_000, options.now ?? Date.now);
  const backend = options.backend ?? 'remote';
  return (inner) =>
    withRun(inner, (turn, context) => {
      if (!options.enabled()) return inner.run(turn, context);
      const others = () => otherModels(turn.model, options);
      return new FallbackRun({ inner, turn, context, circuit, others, backend });
    });
}

/** The keys of the models that may answer instead of the one asked for, in order. */
function otherModels(asked: string, options: FallbackOptions): readonly string[] {
  const listed = options.listed() ?? [];
  const askedKey = findListedModel(listed, asked)?.key ?? asked;
  const keys = options.models().flatMap((name) => findListedModel(listed, name)?.key ?? []);
  return [...new Set(keys)].filter((key) => key !== askedKey);
}
