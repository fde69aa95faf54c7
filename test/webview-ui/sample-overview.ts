import type { InspectedModel, Overview, OverviewRange } from '../../src/shared/inspector-calls.ts';

const start = Date.UTC(2026, 4, 4, 9, 0, 0);

export function sampleOverview(range: OverviewRange): Overview {
  const minutes = { hour: 1, day: 30, week: 180 }[range];
  const slices = Array.from({ length: 60 }, (_, index) => ({
    time: new Date(start + index * minutes * 60_000).toISOString(),
    requests: (index * 7) % 13,
    errors: index % 11 === 4 ? Math.min(1, (index * 7) % 13) : 0,
    inputTokens: ((index * 7) % 13) * 9_000,
    outputTokens: ((index * 7) % 13) * 800,
  }));
  return {
    range,
    requests: 357,
    errors: 5,
    inputTokens: 3_213_000,
    outputTokens: 285_600,
    estimated: true,
    byModel: [
      { name: 'Kimi-K2.6', requests: 240, errors: 4, inputTokens: 2_400_000, outputTokens: 200_000 },
      { name: 'dashscope_qwen3_coder', requests: 117, errors: 1, inputTokens: 813_000, outputTokens: 85_600 },
    ],
    byClient: [
      { name: 'Claude Code', requests: 300, errors: 5, inputTokens: 3_000_000, outputTokens: 260_000 },
      { name: 'Codex CLI', requests: 57, errors: 0, inputTokens: 213_000, outputTokens: 25_600 },
    ],
    latencyMs: { average: 6_200, p50: 4_100, p95: 21_000, max: 64_000 },
    firstTokenMs: { average: 640, p50: 480, p95: 1_900, max: null },
    slices,
  };
}

export const sampleModels: readonly InspectedModel[] = [
  {
    id: 'kmodel',
    displayName: 'Kimi-K2.6',
    aliases: ['kimi-k2.6'],
    scene: 'chat',
    source: 'system',
    contextWindow: 256_000,
    vision: true,
    isDefault: true,
    otherBackendName: 'dashscope_kmodel',
    mappedFrom: ['claude-*', 'gpt-5'],
  },
  {
    id: 'dashscope_qwen3_coder',
    displayName: 'Qwen3-Coder',
    aliases: [],
    scene: 'chat',
    source: 'system',
    contextWindow: 256_000,
    reasoning: true,
    isDefault: false,
    mappedFrom: [],
  },
];
