import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { DecodedRequest } from '../../core/protocol.ts';
import type { Sampling } from '../../core/turn.ts';
import { DecodeContext } from './decode-context.ts';
import { decodeConversation } from './decode-messages.ts';
import { decodeMetadata } from './decode-metadata.ts';
import { decodeReasoning, decodeResponseFormat } from './decode-output.ts';
import { decodeTools } from './decode-tools.ts';
import { type RequestBody, requestSchema } from './schema.ts';

/** A decoded `POST /v1/messages`. */
export type MessagesRequest = DecodedRequest;

/**
 * The body of `POST /v1/messages`, or of `/v1/messages/count_tokens` when it is only to be counted. `max_tokens` and
 * `model` may be missing. Throws `ProxyError`.
 */
export function decodeMessagesRequest(
  value: unknown,
  purpose: 'answer' | 'count' = 'answer',
): MessagesRequest {
  const body = parseWith(requestSchema, value);
  const context = new DecodeContext(purpose);
  checkTopLevel(value, context);

  const { system, messages } = decodeConversation(body.system, body.messages, context);
  if (messages.length === 0 && purpose === 'answer') {
    throw new ProxyError(
      'invalid-request',
      'messages: at least one user or assistant message with content is required.',
      { param: 'messages' },
    );
  }
  const tools = decodeTools(body, context);
  const reasoning = decodeReasoning(body, context);
  const responseFormat = decodeResponseFormat(body, context);
  if (body.output_config?.task_budget) context.ignore('output_config.task_budget');

  const stream = body.stream === true;
  return {
    turn: {
      model: body.model ?? '',
      system,
      messages,
      ...tools,
      sampling: decodeSampling(body, context),
      ...(reasoning ? { reasoning } : {}),
      ...(responseFormat ? { responseFormat } : {}),
      delivery: stream ? 'incremental' : 'whole',
      metadata: decodeMetadata(body.metadata),
    },
    stream,
    ignored: context.ignored,
  };
}

/** Names the fields that have no effect, and refuses those whose loss would change what the request means. */
function checkTopLevel(body: unknown, context: DecodeContext): void {
  for (const [name, value] of Object.entries(body ?? {})) {
    if (value === null || value === undefined || Object.hasOwn(requestSchema.shape, name)) continue;
    if (name === 'thread') refuseThread(context);
    else if (name === 'compaction') {
      context.refuse(
        'compaction',
        'compaction asks the server to sum up the conversation instead of answering it, which Lingma cannot do. Leave the field out, and ask for a summary in a message.',
      );
    } else context.ignore(name);
  }
}

/** Anthropic's SDK replays the whole conversation without `thread` when it reads this code. */
function refuseThread(context: DecodeContext): void {
  context.refuse(
    'thread',
    'thread is not supported: this proxy keeps no conversations. Send the full conversation without thread.',
    {
      code: 'thread_unsupported_request',
      extra: { unsupported: ['thread'] },
    },
  );
}

function decodeSampling(body: RequestBody, context: DecodeContext): Sampling {
  const { max_tokens, temperature, top_p, top_k } = body;
  if (max_tokens === 0) {
    context.refuse(
      'max_tokens',
      'max_tokens is 0: Lingma has no prompt cache that could be warmed up. Use 1 or more.',
    );
  } else if (max_tokens && max_tokens < 0) {
    throw new ProxyError('invalid-request', 'max_tokens must be 1 or more.', { param: 'max_tokens' });
  }
  const stop = (body.stop_sequences ?? []).filter((sequence) => sequence !== '');
  return {
    ...(max_tokens ? { maxOutputTokens: max_tokens } : {}),
    ...(typeof temperature === 'number' ? { temperature } : {}),
    ...(typeof top_p === 'number' ? { topP: top_p } : {}),
    ...(typeof top_k === 'number' ? { topK: top_k } : {}),
    ...(stop.length > 0 ? { stop } : {}),
  };
}
