import { type CallKinds, callKindKey } from './call-kinds.ts';
import { encodeClientCall } from './client-tools.ts';
import { encodeEncryptedReasoning } from './encrypted-reasoning.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** An item of an answer, as JSON. */
export interface OutputItem {
  readonly id: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

export function textPart(text: string) {
  return { type: 'output_text', annotations: [], logprobs: [], text } as const;
}

export function summaryPart(text: string) {
  return { type: 'summary_text', text } as const;
}

/** A message of the assistant; without text it has no content yet. */
export function messageItem(id: string, status: ItemStatus, text?: string): OutputItem {
  const content = text === undefined ? [] : [textPart(text)];
  return { id, type: 'message', status, content, role: 'assistant' };
}

/** Thoughts; `encrypted` adds the form that a later turn can send back. */
export function reasoningItem(
  id: string,
  status: ItemStatus,
  text: string,
  encrypted?: { readonly signature: string | undefined },
): OutputItem {
  return {
    id,
    type: 'reasoning',
    status,
    summary: text === '' ? [] : [summaryPart(text)],
    ...(encrypted === undefined
      ? {}
      : { encrypted_content: encodeEncryptedReasoning(text, encrypted.signature) }),
  };
}

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The shape of a call's item: with arguments or free text that stream, or whole with fields of its own. */
export type CallShape = 'function' | 'custom' | 'whole';

export function callShape(call: Call, kinds: CallKinds): CallShape {
  const kind = kinds.get(callKindKey(call.name, call.namespace)) ?? 'function';
  return kind === 'function' || kind === 'custom' ? kind : 'whole';
}

/** The start of the id of a call's item. */
export function callIdPrefix(shape: CallShape): string {
  switch (shape) {
    case 'function':
      return 'fc';
    case 'custom':
      return 'ctc';
    case 'whole':
      return 'ci';
    default:
      return shape satisfies never;
  }
}

/** A call's item. A call of a client-run tool whose input does not fit that tool's item is written as a function call. */
export function callItem(
  id: string,
  status: ItemStatus,
  call: Call,
  input: string,
  kinds: CallKinds,
): OutputItem {
  const kind = kinds.get(callKindKey(call.name, call.namespace)) ?? 'function';
  const who = {
    call_id: call.id,
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
  };
  if (kind === 'custom') return { id, type: 'custom_tool_call', status, input, ...who };
  if (kind !== 'function') {
    const fields = encodeClientCall(kind, input);
    if (fields !== undefined) return { id, type: `${kind}_call`, status, call_id: call.id, ...fields };
  }
  return { id, type: 'function_call', status, arguments: input, ...who };
}

/** A function's arguments are JSON, if only an empty object; the input of a custom tool may be empty. */
export function completeInput(shape: CallShape, input: string): string {
  return input === '' && shape !== 'custom' ? '{}' : input;
}
