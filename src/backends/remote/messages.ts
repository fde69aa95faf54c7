import { ProxyError } from '../../core/errors.ts';
import { isRecord, tryParseJson } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import type { AssistantContent, Message, Text, ToolResult, Turn, UserContent } from '../../core/turn.ts';
import { isUploaded, uploadedImageUrls } from './uploaded-images.ts';

interface UpstreamToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string; readonly detail: 'auto' } };

interface MessageBody {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** On the last user message only, when the turn holds uploaded images. */
  readonly parts?: readonly MessagePart[];
  readonly tool_calls?: readonly UpstreamToolCall[];
  readonly tool_call_id?: string;
}

/** A message as the chat endpoint wants it: OpenAI chat roles plus two fields that are always the same. */
export type UpstreamMessage = MessageBody & typeof constantFields;

const constantFields = {
  response_meta: { id: '', usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
  reasoning_content_signature: '',
};

const blankLine = '\n\n';
/**
 * Upstream wants somebody else to have the last word. An answer stands last when a client wants it continued, or when it
 * sends a conversation again whose last answer broke off.
 */
const goOn = 'Continue your last message exactly where it stops, without repeating any of it.';
/** Stands first in a conversation of which the client has dropped all that the user said. */
const dropped = '[What was said before is no longer here]';
/** Stands where an uploaded image was: the image itself hangs on the last user message. */
const attachedImage = '[An image, attached]';

/**
 * A turn's conversation as upstream messages: one system message first, then strictly user, assistant, tool results.
 * Throws `invalid-request` for a conversation without any text, a tool call without its result or a result without its call,
 * `unsupported-feature` for an image that was not uploaded before.
 */
export function upstreamMessages(turn: Pick<Turn, 'system' | 'messages'>): UpstreamMessage[] {
  const conversation = new Conversation();
  conversation.addInstructions(turn.system);
  for (const message of turn.messages) conversation.add(message);
  return withImages(conversation.end(), uploadedImageUrls(turn));
}

/** Uploaded images hang on the last user message, wherever in the conversation they were. */
function withImages(messages: UpstreamMessage[], urls: readonly string[]): UpstreamMessage[] {
  const at = messages.findLastIndex(({ role }) => role === 'user');
  const message = messages[at];
  if (urls.length === 0 || !message) return messages;
  const parts: MessagePart[] = [
    { type: 'text', text: message.content },
    ...urls.map((url) => ({ type: 'image_url', image_url: { url, detail: 'auto' } }) as const),
  ];
  return messages.with(at, { ...message, parts });
}

class Conversation {
  readonly #out: UpstreamMessage[] = [];
  /** User texts that wait for the next assistant message, or for the results that have to come before them. */
  #userTexts: string[] = [];
  #assistantTexts: string[] = [];
  #calls: UpstreamToolCall[] = [];
  #assistantOpen = false;
  /** Ids of calls of the last assistant message that have no result yet. */
  readonly #unanswered = new Set<string>();

  addInstructions(system: readonly string[]): void {
    const text = system.filter(isNotBlank).join(blankLine);
    if (text !== '') this.#push({ role: 'system', content: text });
  }

  add(message: Message): void {
    switch (message.role) {
      case 'system':
        this.#addInstruction(message.content);
        break;
      case 'user':
        for (const part of message.content) this.#addUserContent(part);
        break;
      case 'assistant':
        this.#addAssistant(message.content);
        break;
      default:
        message satisfies never;
    }
  }

  end(): UpstreamMessage[] {
    this.#closeAssistant();
    this.#requireAllAnswered();
    this.#flushUser();
    const [first] = this.#out;
    if (first === undefined) throw nothingSaid();
    if (this.#out.at(-1)?.role === 'assistant') this.#push({ role: 'user', content: goOn });
    if (this.#out.some(({ role }) => role === 'user')) return this.#out;
    // Upstream wants somebody to have asked; instructions alone are such a question.
    if (first.role === 'system') return [{ ...first, role: 'user' }, ...this.#out.slice(1)];
    return [{ role: 'user', content: dropped, ...constantFields }, ...this.#out];
  }

  /** Upstream takes `system` in the first place only, so a later instruction travels as a user message that says what it is. */
  #addInstruction(content: readonly Text[]): void {
    const text = content
      .map((part) => part.text)
      .filter(isNotBlank)
      .join(blankLine);
    if (text === '') return;
    this.#closeAssistant();
    this.#userTexts.push(`[Instruction from the system, not from the user]\n${text}`);
  }

  #addUserContent(part: UserContent): void {
    switch (part.type) {
      case 'text':
        if (part.text === '') break;
        this.#closeAssistant();
        this.#userTexts.push(part.text);
        break;
      case 'image':
        if (isUploaded(part)) {
          this.#closeAssistant();
          this.#userTexts.push(attachedImage);
          break;
        }
        throw new ProxyError(
          'unsupported-feature',
          phrase(
            'The remote API does not read images. Start Lingma or QoderCN so that its local runtime can take them, or send the request without images.',
          ),
        );
      case 'tool-result':
        this.#closeAssistant();
        this.#addResult(part);
        break;
      default:
        part satisfies never;
    }
  }

  #addResult(result: ToolResult): void {
    if (!this.#unanswered.delete(result.callId)) {
      throw new ProxyError(
        'invalid-request',
        `The tool result for "${result.callId}" has no tool call with this id in the assistant message right before it. Send each result once, after the call that it answers.`,
        { param: 'messages' },
      );
    }
    this.#push({ role: 'tool', tool_call_id: result.callId, content: resultText(result) });
  }

  #addAssistant(content: readonly AssistantContent[]): void {
    if (!this.#assistantOpen) {
      this.#requireAllAnswered();
      this.#flushUser();
    }
    this.#assistantOpen = true;
    for (const part of content) {
      switch (part.type) {
        case 'text':
          if (isNotBlank(part.text)) this.#assistantTexts.push(part.text);
          break;
        case 'reasoning':
          break;
        case 'tool-call':
          this.#addCall(part.id, part.name, part.input);
          break;
        default:
          part satisfies never;
      }
    }
  }

  #addCall(id: string, name: string, input: string): void {
    if (this.#unanswered.has(id)) {
      throw new ProxyError(
        'invalid-request',
        `Two tool calls of one assistant message have the id "${id}".`,
        {
          param: 'messages',
        },
      );
    }
    this.#unanswered.add(id);
    this.#calls.push({ id, type: 'function', function: { name, arguments: argumentsText(input) } });
  }

  #closeAssistant(): void {
    if (!this.#assistantOpen) return;
    this.#assistantOpen = false;
    const content = this.#assistantTexts.join(blankLine);
    // A message of thoughts only says nothing that upstream may see.
    if (this.#calls.length > 0) this.#push({ role: 'assistant', content, tool_calls: this.#calls });
    else if (content !== '') this.#push({ role: 'assistant', content });
    this.#assistantTexts = [];
    this.#calls = [];
  }

  #flushUser(): void {
    const content = this.#userTexts.join(blankLine);
    this.#userTexts = [];
    if (isNotBlank(content)) this.#push({ role: 'user', content });
  }

  #requireAllAnswered(): void {
    for (const id of this.#unanswered) {
      throw new ProxyError(
        'invalid-request',
        `The tool call "${id}" has no tool result. Send one result for each call, right after the assistant message that made it.`,
        { param: 'messages' },
      );
    }
  }

  #push(message: MessageBody): void {
    this.#out.push({ ...message, ...constantFields });
  }
}

function nothingSaid(): ProxyError {
  return new ProxyError(
    'invalid-request',
    phrase('The request holds no text for the model. Send a message with text.'),
  );
}

/** A result as one text: the endpoint has neither a flag for failure nor room for images here. */
function resultText(result: ToolResult): string {
  const text = result.content
    .map((part) => {
      if (part.type === 'text') return part.text;
      return isUploaded(part) ? attachedImage : '[An image, which cannot be shown here]';
    })
    .join('\n');
  return result.isError === true ? `[The tool reported an error]\n${text}` : text;
}

/** A call that an earlier answer left unfinished must not make the whole conversation unreadable for upstream. */
function argumentsText(input: string): string {
  if (input.trim() === '') return '{}';
  return isRecord(tryParseJson(input)) ? input : JSON.stringify({ input });
}

function isNotBlank(text: string): boolean {
  return /\S/.test(text);
}
