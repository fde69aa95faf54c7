import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { ReasoningIntent, ResponseFormat, Sampling, TurnMetadata } from '../../core/turn.ts';
import { Conversation } from './conversation.ts';
import { decodeItems, resolveReferences } from './decode-input.ts';
import { decodeToolChoice } from './decode-tool-choice.ts';
import { echoRequest } from './response-object.ts';
import type { ResponseStore } from './response-store.ts';
import type { ResponsesRequest } from './responses-request.ts';
import { type RequestBody, requestSchema } from './schema.ts';
import { ToolList } from './tool-list.ts';
import { listIgnoredFields, refuseUnsupported } from './unsupported-fields.ts';

/** Where ids and the time come from; fixed in tests. */
export interface Origin {
  /** 32 hexadecimal digits, never twice the same. */
  newId(): string;
  unixSeconds(): number;
}

export function decodeRequest(value: unknown, store: ResponseStore, origin: Origin): ResponsesRequest {
  const body = parseWith(requestSchema, value);
  refuseUnsupported(body);
  const ignored = listIgnoredFields(value, body);
  const ignore = (field: string) => void ignored.push(field);

  const earlier = readEarlierConversation(body, store);
  const items = resolveReferences(inputItems(body.input), store);
  if (earlier.length + items.length === 0) {
    throw new ProxyError('invalid-request', 'input is missing: send a string or a list of items.', {
      param: 'input',
    });
  }
  const tools = new ToolList(ignore);
  tools.add(body.tools ?? [], 'tools');
  const conversation = new Conversation(body.instructions ? [body.instructions] : []);
  const target = { conversation, tools, ignore };
  const updates = [
    ...decodeItems(earlier, 'previous_response_id', target),
    ...decodeItems(items, 'input', target),
  ];
  const effort = updates.findLast((update) => update.reasoning?.effort)?.reasoning?.effort;
  const format = updates.findLast((update) => update.text?.format)?.text?.format ?? body.text?.format;
  const reasoning = decodeReasoning(effort ? { ...body.reasoning, effort } : body.reasoning);
  const responseFormat = decodeResponseFormat(format);
  const choice = decodeToolChoice(body.tool_choice, tools);
  const id = origin.newId();
  let itemCount = 0;

  return {
    turn: {
      model: body.model ?? '',
      system: conversation.system,
      messages: conversation.messages,
      tools: choice.tools,
      toolChoice: choice.toolChoice,
      ...(typeof body.parallel_tool_calls === 'boolean'
        ? { parallelToolCalls: body.parallel_tool_calls }
        : {}),
      sampling: decodeSampling(body),
      ...(reasoning === undefined ? {} : { reasoning }),
      ...(responseFormat === undefined ? {} : { responseFormat }),
      delivery: body.stream ? 'incremental' : 'whole',
      metadata: decodeMetadata(body),
    },
    stream: body.stream ?? false,
    ignored,
    responseId: `resp_${id}`,
    itemId: (prefix) => `${prefix}_${id}${(itemCount++).toString(16).padStart(4, '0')}`,
    createdAt: origin.unixSeconds(),
    callKinds: tools.callKinds,
    includeEncryptedReasoning: body.include?.includes('reasoning.encrypted_content') ?? false,
    echo: echoRequest(body),
    conversation: body.store === false ? undefined : [...earlier, ...items],
  };
}

function inputItems(input: RequestBody['input']): readonly unknown[] {
  if (typeof input !== 'string') return input ?? [];
  return [{ type: 'message', role: 'user', content: input }];
}

function readEarlierConversation(body: RequestBody, store: ResponseStore): readonly unknown[] {
  const id = body.previous_response_id;
  if (!id) return [];
  const items = store.conversation(id);
  if (items !== undefined) return items;
  throw new ProxyError(
    'invalid-request',
    `Previous response with id "${id.slice(0, 80)}" not found. This proxy keeps the latest responses only, until it stops; send the whole conversation as input instead.`,
    { param: 'previous_response_id', code: 'previous_response_not_found' },
  );
}

function decodeSampling(body: RequestBody): Sampling {
  return {
    ...(typeof body.temperature === 'number' ? { temperature: body.temperature } : {}),
    ...(typeof body.top_p === 'number' ? { topP: body.top_p } : {}),
    ...(typeof body.max_output_tokens === 'number' ? { maxOutputTokens: body.max_output_tokens } : {}),
  };
}

/** Reasoning counts as asked for when any of its settings is given and the effort is not "none". */
function decodeReasoning(reasoning: RequestBody['reasoning']): ReasoningIntent | undefined {
  if (!reasoning || reasoning.effort === 'none') return undefined;
  const { effort, summary, generate_summary, mode } = reasoning;
  if (effort) return { effort };
  return summary || generate_summary || mode ? {} : undefined;
}

function decodeResponseFormat(
  format: NonNullable<RequestBody['text']>['format'],
): ResponseFormat | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'json_object':
      return { type: 'json-object' };
    case 'json_schema':
      if (!format.schema) {
        throw new ProxyError('invalid-request', 'text.format needs a schema.', {
          param: 'text.format.schema',
        });
      }
      return {
        type: 'json-schema',
        ...(format.name ? { name: format.name } : {}),
        schema: format.schema,
        ...(typeof format.strict === 'boolean' ? { strict: format.strict } : {}),
      };
    default:
      throw new ProxyError(
        'unsupported-feature',
        `text.format "${format?.type.slice(0, 64)}" is not known; use text, json_object or json_schema.`,
        { param: 'text.format.type' },
      );
  }
}

function decodeMetadata(body: RequestBody): TurnMetadata {
  const { session_id, thread_id } = body.client_metadata ?? {};
  const sessionId = [session_id, thread_id, body.prompt_cache_key].find(
    (id): id is string => typeof id === 'string' && id !== '',
  );
  const userId = body.safety_identifier ?? body.user;
  return { ...(sessionId ? { sessionId } : {}), ...(userId ? { userId } : {}) };
}
