import type { IncomingHttpHeaders } from 'node:http';
import type { RemoteRequest } from './brain.ts';
import { type ChatBody, readChatBody } from './chat-body-schema.ts';
import { findBrokenRule } from './conversation-rules.ts';
import { simulatedModels } from './model-catalogue.ts';
import { clientProfile } from './request-headers.ts';

/** Checks chat bodies, and remembers their request ids, which serve once. */
export class ChatAdmission {
  readonly #requestIds = new Set<string>();
  readonly #knownKeys = new Set(simulatedModels.map((model) => model.key));
  readonly #uploadedUrls: ReadonlySet<string>;

  constructor(uploadedUrls: ReadonlySet<string>) {
    this.#uploadedUrls = uploadedUrls;
  }

  /** What the body asks of the model, or the first rule that it breaks. */
  read(value: unknown, headers: IncomingHttpHeaders): { request: RemoteRequest } | { broken: string } {
    const read = readChatBody(value, clientProfile(headers));
    if ('broken' in read) return read;
    const { body } = read;
    if (this.#requestIds.has(body.request_id)) return { broken: 'request_id was used before' };
    this.#requestIds.add(body.request_id);
    const broken = findBrokenRule(body, {
      knownKeys: this.#knownKeys,
      uploadedUrls: this.#uploadedUrls,
      cosyVersion: String(headers['cosy-version']),
      now: Date.now(),
    });
    return broken === undefined ? { request: toRequest(body) } : { broken };
  }
}

function toRequest(body: ChatBody): RemoteRequest {
  const { max_tokens: maxTokens } = body.parameters;
  return {
    backend: 'remote',
    model: body.model_config.key,
    messages: body.messages,
    tools: body.tools ?? [],
    toolChoice: body.tool_choice,
    reasoning: body.model_config.is_reasoning,
    imageUrls: body.image_urls ?? [],
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
}
