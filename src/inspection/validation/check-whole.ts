import { isRecord, tryParseJson } from '../../core/json.ts';
import type { Violation } from '../../shared/inspector-calls.ts';
import { nameOf } from './check-stream.ts';
import { fieldOf, isJsonObject, textIn } from './grammar.ts';

/** The rules of its dialect that a whole answer breaks: a success if `statusCode` is below 400, else an error. */
export function checkWhole(api: string, body: string, statusCode: number): Violation[] {
  const json = tryParseJson(body);
  if (!isRecord(json)) {
    // Redaction may have torn it.
    return body.includes('[redacted') ? [] : [broken(api, 'not-json', 'The answer is not a JSON object.')];
  }
  if (statusCode >= 400) return checkError(api, json);
  switch (api) {
    case 'messages':
      return checkMessage(api, json);
    case 'openai-chat':
      return checkCompletion(api, json);
    case 'openai-responses':
      return checkResponse(api, json);
    default:
      return [];
  }
}

function checkError(api: string, json: unknown): Violation[] {
  const error = fieldOf(json, 'error');
  const isComplete = textIn(error, 'message') !== '' && textIn(error, 'type') !== '';
  if (isComplete && (api !== 'messages' || textIn(json, 'type') === 'error')) return [];
  return [broken(api, 'error-shape', 'The error has not the shape that clients of this API read.')];
}

function checkMessage(api: string, json: unknown): Violation[] {
  // The answer to a token count.
  if (typeof fieldOf(json, 'input_tokens') === 'number') return [];
  const content = fieldOf(json, 'content');
  if (textIn(json, 'type') !== 'message' || !Array.isArray(content)) {
    return [broken(api, 'not-a-message', 'The answer is not a message with content.')];
  }
  const violations: Violation[] = [];
  const calls = content.filter((block) => textIn(block, 'type') === 'tool_use');
  const reason = textIn(json, 'stop_reason');
  if (reason === '') violations.push(broken(api, 'no-stop-reason', 'The answer has no stop reason.'));
  if (reason === 'tool_use' && calls.length === 0) {
    const text = 'The stop reason is tool_use, but no tool was called.';
    violations.push(broken(api, 'stop-reason-without-call', text));
  }
  if (calls.some((call) => !isRecord(fieldOf(call, 'input')))) {
    violations.push(broken(api, 'tool-input-not-json', 'The input of a tool call is not a JSON object.'));
  }
  if (typeof fieldOf(fieldOf(json, 'usage'), 'output_tokens') !== 'number') {
    violations.push(broken(api, 'no-usage', 'The answer does not tell the output tokens.'));
  }
  return violations;
}

function checkCompletion(api: string, json: unknown): Violation[] {
  const choices = fieldOf(json, 'choices');
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const message = fieldOf(choice, 'message');
  if (textIn(json, 'object') !== 'chat.completion' || !isRecord(message)) {
    return [broken(api, 'not-a-completion', 'The answer is not a chat.completion with a message.')];
  }
  const violations: Violation[] = [];
  const reason = textIn(choice, 'finish_reason');
  if (reason === '') violations.push(broken(api, 'no-finish-reason', 'The answer has no finish reason.'));
  const calls: readonly unknown[] = Array.isArray(message['tool_calls']) ? message['tool_calls'] : [];
  if (reason === 'tool_calls' && calls.length === 0) {
    const text = 'The finish reason is tool_calls, but no tool was called.';
    violations.push(broken(api, 'finish-reason-without-call', text));
  }
  const functions = calls.map((call) => fieldOf(call, 'function')).filter(isRecord);
  if (reason !== 'length' && functions.some((call) => !isJsonObject(textIn(call, 'arguments')))) {
    const text = 'The arguments of a tool call are not a JSON object.';
    violations.push(broken(api, 'arguments-not-json', text));
  }
  return violations;
}

function checkResponse(api: string, json: unknown): Violation[] {
  if (textIn(json, 'object') !== 'response' || !Array.isArray(fieldOf(json, 'output'))) {
    return [broken(api, 'not-a-response', 'The answer is not a response with output.')];
  }
  const status = textIn(json, 'status');
  if (status === 'completed' || status === 'incomplete' || status === 'failed') return [];
  return [broken(api, 'not-ended', `The answer's status is "${status}", although it has ended.`)];
}

function broken(api: string, rule: string, text: string): Violation {
  return { side: 'response', severity: 'error', rule: `${nameOf(api)}/${rule}`, text };
}
