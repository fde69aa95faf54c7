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

/** The known model that goes by this name on either backend; letter case does not matter. */
export function findKnownModel(name: string): KnownModel | undefined {
  const wanted = name.toLowerCase();
  return knownModels.find(
    (model) => model.key.toLowerCase() === wanted || model.name.toLowerCase() === wanted,
  );
}

/** The listed model that goes by this name: id, key, display name or alias; an exact match wins over letter case. */
export function findListedModel(models: readonly Model[], name: string): Model | undefined {
  const names = (model: Model) => [model.id, model.key, model.displayName, ...model.aliases];
  const wanted = name.toLowerCase();
  return (
    models.find((model) => names(model).includes(name)) ??
    models.find((model) => names(model).some((candidate) => candidate.toLowerCase() === wanted))
  );
}
