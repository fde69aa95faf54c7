import type { ReasoningIntent } from '../../core/turn.ts';
import type { ChatRequestBody } from './schema.ts';

/**
 * Whether a request asks for reasoning, in OpenAI's or another server's words: the first spelling that says yes or no
 * decides; effort and budget are taken from wherever they stand. Undefined: it does not ask.
 */
export function decodeReasoning(body: ChatRequestBody): ReasoningIntent | undefined {
  const effort = body.reasoning_effort ?? body.reasoning?.effort ?? undefined;
  const budgetTokens =
    body.reasoning?.max_tokens ?? body.thinking?.budget_tokens ?? body.thinking_budget ?? undefined;
  if (!wantsReasoning(body, effort, budgetTokens)) return undefined;
  return {
    ...(effort === undefined ? {} : { effort }),
    ...(budgetTokens === undefined || budgetTokens < 1 ? {} : { budgetTokens }),
  };
}

function wantsReasoning(
  body: ChatRequestBody,
  effort: string | undefined,
  budgetTokens: number | undefined,
): boolean {
  if (body.reasoning?.exclude === true) return false;
  if (effort !== undefined) return effort !== 'none';
  if (typeof body.reasoning?.enabled === 'boolean') return body.reasoning.enabled;
  if (typeof body.thinking?.type === 'string') return body.thinking.type !== 'disabled';
  const enabled = body.enable_thinking ?? body.chat_template_kwargs?.enable_thinking;
  if (typeof enabled === 'boolean') return enabled;
  return budgetTokens !== undefined && budgetTokens > 0;
}
