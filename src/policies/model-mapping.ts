import {
  type Backend,
  type Policy,
  type RunContext,
  type TurnEventStream,
  withRun,
} from '../core/backend.ts';
import type { TurnEvent } from '../core/events.ts';
import { mapEvents } from '../core/map-events.ts';
import { defaultModelKey, findListedModel, type KnownModel, type Model } from '../core/models.ts';
import type { Turn } from '../core/turn.ts';
import { type ModelSettings, type ResolvedModel, resolveModel } from './model-mapping/resolve-model.ts';

/** The list of models, as far as it is known. */
export interface ModelList {
  cached(): readonly Model[] | undefined;
  load(signal: AbortSignal): Promise<readonly Model[]>;
}

export interface ModelMappingOptions {
  readonly models: ModelList;
  /** Read for each turn, so that changed settings count at once, and each caller may have its own. */
  readonly settings?: (context: RunContext) => ModelSettings;
  /** How this upstream calls a known model when no list is there to tell; the remote key when absent. */
  readonly nameOf?: (known: KnownModel) => string;
  /** Bound for waiting for the list, in milliseconds. */
  readonly maxWaitMs?: number;
}

/**
 * Turns the model name that a client sends into the one that the upstream wants, and back: an answer carries the client's own
 * name while the model that it was mapped to answers, and the real model's name when another one does. Waits for the model
 * list only when nothing else can tell what a name means.
 */
export function modelMapping(options: ModelMappingOptions): Policy {
  return (inner) =>
    withRun(inner, (turn, context) => {
      const known = resolve(turn.model, context, options);
      return known
        ? runMapped(inner, turn, context, known, options)
        : runWhenListed(inner, turn, context, options);
    });
}

function resolve(
  asked: string,
  context: RunContext,
  options: ModelMappingOptions,
): ResolvedModel | undefined {
  return resolveModel(asked.trim(), settingsOf(options, context), options.models.cached(), nameOf(options));
}

function settingsOf({ settings }: ModelMappingOptions, context: RunContext): ModelSettings {
  return settings?.(context) ?? { defaultModel: defaultModelKey };
}

function nameOf(options: ModelMappingOptions): (known: KnownModel) => string {
  return options.nameOf ?? (({ key }) => key);
}

async function* runWhenListed(
  inner: Backend,
  turn: Turn,
  context: RunContext,
  options: ModelMappingOptions,
): AsyncGenerator<TurnEvent> {
  const listed = await loadBounded(options, context);
  const resolved = resolveModel(turn.model.trim(), settingsOf(options, context), listed, nameOf(options));
  if (resolved) yield* runMapped(inner, turn, context, resolved, options);
}

/** The list, or an empty one when it cannot be had in time: the default model then decides. */
async function loadBounded(options: ModelMappingOptions, context: RunContext): Promise<readonly Model[]> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), options.maxWaitMs ?? 5_000);
  try {
    return await options.models.load(AbortSignal.any([context.signal, timeout.signal]));
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    context.trace.note({
      type: 'remark',
      text: 'The list of models could not be had in time, so the default model is used.',
    });
    return [];
  } finally {
    clearTimeout(timer);
  }
}

function runMapped(
  inner: Backend,
  turn: Turn,
  context: RunContext,
  { used, rule, listedName }: ResolvedModel,
  { models }: ModelMappingOptions,
): TurnEventStream {
  context.trace.note({ type: 'model', asked: turn.model, used, rule });
  const shown = (answering: string): string => {
    if (used === '' || answering === '' || answering === used || answering === listedName) {
      return turn.model === '' ? listedName : turn.model;
    }
    return findListedModel(models.cached() ?? [], answering)?.id ?? answering;
  };
  const events = inner.run(used === turn.model ? turn : { ...turn, model: used }, context);
  return mapEvents(events, (event) =>
    event.type === 'turn-start' ? { ...event, model: shown(event.model) } : event,
  );
}
