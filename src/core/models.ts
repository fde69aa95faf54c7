/** A model as an upstream lists it. Absent fields: upstream did not say. */
export interface Model {
  /** The name that clients see and send. */
  readonly id: string;
  /** What this backend's upstream wants to be told: the remote key, or the IPC model id. */
  readonly key: string;
  readonly displayName: string;
  /** Other names under which this model may be asked for, such as the other backend's. */
  readonly aliases: readonly string[];
  /** The upstream's own grouping: `chat`, `inline`, `assistant`, `developer`, `quest`. */
  readonly scene: string;
  /** The upstream's word for where the model comes from. */
  readonly source?: string;
  /** Tokens. */
  readonly contextWindow?: number;
  readonly vision?: boolean;
  readonly reasoning?: boolean;
  readonly isDefault?: boolean;
}

export interface KnownModel {
  /** The name that the IPC runtime lists. */
  readonly name: string;
  /** The key that the remote API lists. */
  readonly key: string;
  /** Tokens, as observed in one enterprise tenant. */
  readonly contextWindow?: number;
}

/** The same models under both backends' names, as observed in one enterprise tenant; other accounts list others. */
export const knownModels: readonly KnownModel[] = [
  { name: 'Kimi-K2.6', key: 'kmodel', contextWindow: 256_000 },
  { name: 'MiniMax-M2.7', key: 'mmodel', contextWindow: 200_000 },
  { name: 'Qwen3-Coder', key: 'dashscope_qwen3_coder', contextWindow: 256_000 },
  { name: 'Qwen3.6-Plus', key: 'dashscope_qmodel', contextWindow: 1_000_000 },
  { name: 'Qwen3-Max', key: 'dashscope_qwen_max_latest', contextWindow: 256_000 },
  { name: 'Qwen3-Thinking', key: 'dashscope_qwen_plus_20250428_thinking', contextWindow: 1_000_000 },
  { name: 'Auto', key: 'org_auto' },
];

/** The model used when the client names none. */
export const defaultModelKey = 'kmodel';

const knownByName = firstByName(knownModels, ({ name, key }) => [name.toLowerCase(), key.toLowerCase()]);

/** The known model that goes by this name on either backend; letter case does not matter. */
export function findKnownModel(name: string): KnownModel | undefined {
  return knownByName.get(name.toLowerCase());
}

/** The models of one list by their names as they are, and in small letters. */
interface ModelIndex {
  readonly exact: ReadonlyMap<string, Model>;
  readonly folded: ReadonlyMap<string, Model>;
}

/** A list is never changed, and each request looks several names up. */
const indexes = new WeakMap<readonly Model[], ModelIndex>();

/** The listed model that goes by this name: id, key, display name or alias; an exact match wins over letter case. */
export function findListedModel(models: readonly Model[], name: string): Model | undefined {
  const { exact, folded } = indexes.get(models) ?? makeIndex(models);
  return exact.get(name) ?? folded.get(name.toLowerCase());
}

function makeIndex(models: readonly Model[]): ModelIndex {
  const names = ({ id, key, displayName, aliases }: Model) => [id, key, displayName, ...aliases];
  const index = {
    exact: firstByName(models, names),
    folded: firstByName(models, (model) => names(model).map((name) => name.toLowerCase())),
  };
  indexes.set(models, index);
  return index;
}

/** Of two models with one name, the first counts. */
function firstByName<T>(models: readonly T[], namesOf: (model: T) => readonly string[]): Map<string, T> {
  const byName = new Map<string, T>();
  for (const model of models) {
    for (const name of namesOf(model)) if (!byName.has(name)) byName.set(name, model);
  }
  return byName;
}
