import * as z from 'zod';
import { ProxyError } from '../../core/errors.ts';
import { tryParseJson } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import { findKnownModel, type Model } from '../../core/models.ts';
import { onDemand } from '../../core/on-demand.ts';

const answer = onDemand(() => {
  const list = z.array(z.unknown());
  return z.object({ chat: list.optional(), inline: list.optional() });
});

const entry = onDemand(() => {
  const text = z.string().optional().catch(undefined);
  const flag = z.boolean().optional().catch(undefined);
  return z.object({
    key: z.string().min(1),
    display_name: text,
    source: text,
    enable: flag,
    is_vl: flag,
    is_reasoning: flag,
    is_default: flag,
    max_input_tokens: z.number().positive().optional().catch(undefined),
  });
});

/**
 * The models in an answer of the model list: `chat`, then `inline`, once each by key, without those that are switched off.
 * Throws `upstream-protocol` when it is no model list.
 */
export function parseModels(text: string): Model[] {
  const parsed = answer().safeParse(tryParseJson(text));
  const { chat, inline } = parsed.data ?? {};
  if (chat === undefined && inline === undefined) {
    throw new ProxyError(
      'upstream-protocol',
      phrase(
        'The upstream answered the question for its models with something else. Check the remote base URL.',
      ),
    );
  }
  const models = new Map<string, Model>();
  for (const [scene, entries] of [['chat', chat ?? []] as const, ['inline', inline ?? []] as const]) {
    for (const candidate of entries) {
      const listed = entry().safeParse(candidate).data;
      if (listed === undefined || listed.enable === false || models.has(listed.key)) continue;
      models.set(listed.key, toModel(listed, scene));
    }
  }
  return [...models.values()];
}

function toModel(listed: z.infer<ReturnType<typeof entry>>, scene: string): Model {
  const { key, display_name, source, is_vl, is_reasoning, is_default, max_input_tokens } = listed;
  const known = findKnownModel(key);
  return {
    id: key,
    key,
    displayName: display_name || known?.name || key,
    aliases: known === undefined || known.name === key ? [] : [known.name],
    scene,
    ...(source ? { source } : {}),
    ...(max_input_tokens === undefined ? {} : { contextWindow: max_input_tokens }),
    ...(is_vl === undefined ? {} : { vision: is_vl }),
    ...(is_reasoning === undefined ? {} : { reasoning: is_reasoning }),
    ...(is_default === undefined ? {} : { isDefault: is_default }),
  };
}
