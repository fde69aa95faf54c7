/** One model under the names that both simulated upstreams give it. */
export interface SimulatedModel {
  /** The name that the IPC runtime lists. */
  readonly name: string;
  /** What the IPC runtime wants in `session/set_model`; on purpose neither the name nor the remote key. */
  readonly ipcId: string;
  /** The key in the remote model list. */
  readonly key: string;
  /** Tokens. */
  readonly maxInputTokens: number;
  readonly vision: boolean;
  readonly reasoning: boolean;
  /** Whether the IPC runtime sends thought chunks for it. */
  readonly thinksOverIpc: boolean;
  readonly isDefault: boolean;
}

const plain = { vision: false, reasoning: false, thinksOverIpc: true, isDefault: false };

/** The models observed in one enterprise tenant. */
export const simulatedModels: readonly SimulatedModel[] = [
  {
    ...plain,
    name: 'Kimi-K2.6',
    ipcId: 'ipc_kimi_k26',
    key: 'kmodel',
    maxInputTokens: 256_000,
    vision: true,
    isDefault: true,
  },
  { ...plain, name: 'MiniMax-M2.7', ipcId: 'ipc_minimax_m27', key: 'mmodel', maxInputTokens: 200_000 },
  {
    ...plain,
    name: 'Qwen3-Coder',
    ipcId: 'ipc_qwen3_coder',
    key: 'dashscope_qwen3_coder',
    maxInputTokens: 256_000,
    thinksOverIpc: false,
  },
  {
    ...plain,
    name: 'Qwen3.6-Plus',
    ipcId: 'ipc_qwen36_plus',
    key: 'dashscope_qmodel',
    maxInputTokens: 1_000_000,
    vision: true,
  },
  {
    ...plain,
    name: 'Qwen3-Max',
    ipcId: 'ipc_qwen3_max',
    key: 'dashscope_qwen_max_latest',
    maxInputTokens: 256_000,
    thinksOverIpc: false,
  },
  {
    ...plain,
    name: 'Qwen3-Thinking',
    ipcId: 'ipc_qwen3_thinking',
    key: 'dashscope_qwen_plus_20250428_thinking',
    maxInputTokens: 1_000_000,
    reasoning: true,
  },
  { ...plain, name: 'Auto', ipcId: 'ipc_auto', key: 'org_auto', maxInputTokens: 256_000 },
];

/** The body of `GET /algo/api/v2/model/list`. */
export function remoteModelList(): object {
  const all = simulatedModels.map((model, order) => ({
    key: model.key,
    display_name: model.name,
    model: model.key,
    format: 'openai',
    source: 'system',
    order,
    enable: true,
    is_vl: model.vision,
    is_reasoning: model.reasoning,
    max_input_tokens: model.maxInputTokens,
    is_default: model.isDefault,
    tags: model.reasoning ? ['thinking'] : [],
    icon_url: '',
  }));
  const [first, second, third] = all;
  return { chat: all, developer: [first, third], assistant: all.slice(0, 4), inline: [second, third] };
}

/** The result of `config/queryModels`: nested by scene, the fields under each of the names that runtimes use. */
export function ipcModelList(): object {
  const [kimi, ...others] = simulatedModels;
  return {
    models: {
      assistant: simulatedModels.map(({ ipcId, name }) => ({ id: ipcId, name, enable: true })),
      chat: { items: others.map(({ ipcId, name }) => ({ modelId: ipcId, displayName: name })) },
      quest: kimi === undefined ? [] : [{ key: kimi.ipcId, title: kimi.name }],
    },
    version: 3,
  };
}
