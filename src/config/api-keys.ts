import * as z from 'zod';
import { onDemand } from '../core/on-demand.ts';
import type { ModelRule, SettingType } from './setting-types.ts';

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

const keyName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const namedKeys = onDemand(() => {
  const text = z.string().trim();
  const word = text.min(1);
  const limit = (most: number) => z.int().min(0).max(most);
  const definition = z
    .strictObject({
      key: word.optional(),
      key_file: word.optional(),
      key_env: word.optional(),
      inspect: z.boolean().optional(),
      model: text.optional(),
      small_model: text.optional(),
      model_rules: z.array(z.object({ pattern: word, model: word })).optional(),
      max_concurrent: limit(16).optional(),
      requests_per_minute: limit(100_000).optional(),
    })
    .refine(({ key, key_file, key_env }) => [key, key_file, key_env].filter(Boolean).length === 1);
  return z.record(z.string().regex(keyName), z.union([word, definition])).transform((keys) =>
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
});

const resolvedKeys = onDemand(() => {
  const text = z.string();
  const word = text.trim().min(1);
  return z.array(
    z.object({
      name: text.regex(keyName),
      key: text,
      keyFile: text,
      keyVariable: text,
      inspect: z.boolean(),
      model: text,
      smallModel: text,
      modelRules: z.array(z.object({ pattern: word, model: word })),
      maxConcurrent: z.number(),
      requestsPerMinute: z.number(),
    }),
  );
});

/** Named keys: `{"ann": "KEY", "ci": {"key_file": "ci.key", "requests_per_minute": 30}}`; in text that JSON, or `ann=KEY,ci=KEY`. */
export function apiKeys(): SettingType<readonly ApiKey[]> {
  return {
    read: (value) => namedKeys().safeParse(value).data,
    readResolved: (value) => resolvedKeys().safeParse(value).data,
    // A secret is in no file that an editor checks.
    jsonSchema: {},
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
