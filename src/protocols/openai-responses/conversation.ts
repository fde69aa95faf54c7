import type { AssistantContent, Message, Text, ToolResult, UserContent } from '../../core/turn.ts';

/**
 * Puts items together to messages: neighbouring assistant items (text, thoughts, calls) are one message, neighbouring
 * results are one, and instructions before the first message become the turn's system text.
 */
export class Conversation {
  readonly #system: string[];
  readonly #messages: Message[] = [];
  #assistant: AssistantContent[] | undefined;
  #results: ToolResult[] | undefined;

  constructor(system: readonly string[]) {
    this.#system = [...system];
  }

  get system(): readonly string[] {
    return this.#system;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  addInstructions(content: readonly Text[]): void {
    if (content.length === 0) return;
    if (this.#messages.length === 0) {
      this.#system.push(...content.map((part) => part.text));
      return;
    }
    this.#close();
    this.#messages.push({ role: 'system', content });
  }

  addUser(content: readonly UserContent[]): void {
    if (content.length === 0) return;
    this.#close();
    this.#messages.push({ role: 'user', content });
  }

  addAssistant(content: readonly AssistantContent[]): void {
    if (content.length === 0) return;
    if (this.#assistant === undefined) {
      this.#close();
      this.#assistant = [];
      this.#messages.push({ role: 'assistant', content: this.#assistant });
    }
    this.#assistant.push(...content);
  }

  addResult(result: ToolResult): void {
    if (this.#results === undefined) {
      this.#close();
      this.#results = [];
      this.#messages.push({ role: 'user', content: this.#results });
    }
    this.#results.push(result);
  }

  #close(): void {
    this.#assistant = undefined;
    this.#results = undefined;
  }
}
