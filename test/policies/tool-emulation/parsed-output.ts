import type { ActionEvent } from '../../../src/policies/tool-emulation/action-event.ts';
import { ActionParser } from '../../../src/policies/tool-emulation/action-parser.ts';
import { CallableTools } from '../../../src/policies/tool-emulation/resolve-call.ts';
import { functionTool } from '../scripted-backend.ts';

const object = (properties: Record<string, unknown>, required: string[]) => ({
  type: 'object',
  properties,
  required,
});

export const declaredTools = [
  functionTool('Read', object({ file_path: { type: 'string' }, offset: { type: 'integer' } }, ['file_path'])),
  functionTool('Bash', object({ command: { type: 'string' }, timeout: { type: 'number' } }, ['command'])),
  functionTool(
    'Write',
    object({ file_path: { type: 'string' }, content: { type: 'string' } }, ['file_path', 'content']),
  ),
  functionTool(
    'Plan',
    object(
      {
        steps: { type: 'array', items: { type: 'object' } },
        tags: { type: 'array' },
        done: { type: 'boolean' },
      },
      ['steps'],
    ),
  ),
  functionTool('Now', object({}, [])),
];

export interface ParsedOutput {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  readonly invalid: readonly string[];
  readonly longestHeld: number;
  readonly events: readonly ActionEvent[];
}

/** What the parser makes of an output that arrives in these pieces. */
export function parseOutput(pieces: readonly string[]): ParsedOutput {
  const parser = new ActionParser(new CallableTools(declaredTools));
  const events: ActionEvent[] = [];
  let longestHeld = 0;
  for (const piece of pieces) {
    events.push(...parser.push(piece));
    longestHeld = Math.max(longestHeld, parser.heldLength);
  }
  events.push(...parser.end());
  let visible = '';
  const calls: { name: string; input: string; ended: boolean }[] = [];
  const invalid: string[] = [];
  for (const event of events) {
    if (event.type === 'text') visible += event.text;
    if (event.type === 'call-start') calls.push({ name: event.name, input: '', ended: false });
    const last = calls.at(-1);
    if (event.type === 'call-delta' && last) last.input += event.input;
    if (event.type === 'call-end' && last) last.ended = true;
    if (event.type === 'invalid') invalid.push(event.source);
    if (event.type === 'call-cut') invalid.push(event.source);
  }
  return {
    text: visible,
    calls: calls.map(({ name, input, ended }) => ({ name, input: ended ? JSON.parse(input) : input })),
    invalid,
    longestHeld,
    events,
  };
}

/** The pieces of a text cut at every character. */
export function characters(text: string): string[] {
  return Array.from({ length: text.length }, (_, index) => text.slice(index, index + 1));
}
