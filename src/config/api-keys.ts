import * as z from 'zod';
import { type ModelRule, modelRules, type SettingType } from './setting-types.ts';

/** A key with a name of its own, and what its holder gets. */
export interface ApiKey {
  /** Shown in records, the log and the metrics; the key itself never is. */
  readonly name: string;
  /** '' until it has been read from the file or the environment variable. */
  readonly key: string;
  readonly keyFile: string;
  readonly keyVariable: string;
  /** Its holder may read the records and the log, which hold everybody's requests. */
  readonly inspect: boolean;
  /** '' leaves it to the setting of the same name. */
  readonly model: string;
  readonly smallModel: string;
  /** Count before the rules for everybody. */
  readonly modelRules: readonly ModelRule[];
  /** Requests answered at the same time, others wait in order; 0: as many as all together may. */
  readonly maxConcurrent: number;
  /** More than that are refused with 429; 0: no limit. */
  readonly requestsPerMinute: number;
}

const keyName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const keyText = z.string().trim().min(1);

const definition = z
  .strictObject({
    key: keyText.optional(),
    key_file: keyText.optional(),
    key_env: keyText.optional(),
    inspect: z.boolean().optional(),
    model: z.string().trim().optional(),
    small_model: z.string().trim().optional(),
    model_rules: modelRules().schema.optional(),
    max_concurrent: z.int().min(0).max(16).optional(),
    requests_per_minute: z.int().min(0).max(100_000).optional(),
  })
  .refine(({ key, key_file, key_env }) => [key, key_file, key_env].filter(Boolean).length === 1);

const namedKeys = z.record(keyName, z.union([keyText, definition])).transform((keys) =>
  Object.entries(keys).map(([name, given]): ApiKey => {
    const defined = typeof given === 'string' ? { key: given } : given;
    return {
      name,
      key: defined.key ?? '',
      keyFile: defined.key_file ?? '',
      keyVariable: defined.key_env ?? '',
      inspect: defined.inspect ?? false,
      model: defined.model ?? '',
      smallModel: defined.small_model ?? '',
      modelRules: defined.model_rules ?? [],
      maxConcurrent: defined.max_concurrent ?? 0,
      requestsPerMinute: defined.requests_per_minute ?? 0,
    };
  }),
);

const resolvedKey = z.object({
  name: keyName,
  key: z.string(),
  keyFile: z.string(),
  keyVariable: z.string(),
  inspect: z.boolean(),
  model: z.string(),
  smallModel: z.string(),
  modelRules: modelRules().schema,
  maxConcurrent: z.number(),
  requestsPerMinute: z.number(),
});

/** Named keys: `{"ann": "KEY", "ci": {"key_file": "ci.key", "requests_per_minute": 30}}`; in text that JSON, or `ann=KEY,ci=KEY`. */
export function apiKeys(): SettingType<readonly ApiKey[]> {
  return {
    schema: namedKeys,
    resolved: z.array(resolvedKey),
    allowed: (l10n) =>
      l10n.t(
        'an object of names, each with its key: {"ann": "KEY"} or {"ann": {…}} with exactly one of key, key_file and key_env, and, as you like, inspect, model, small_model, model_rules, max_concurrent (0 to 16) and requests_per_minute; names are letters, digits, ".", "_" and "-" (in text NAME=KEY, separated by commas)',
      ),
    placeholder: 'NAME=KEY,...',
    fromText,
  };
}

function fromText(typed: string): unknown {
  const text = typed.trim();
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  const entries = text.split(',').filter((entry) => entry.trim() !== '');
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      return at < 0 ? [entry.trim(), ''] : [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
    }),
  );
}
