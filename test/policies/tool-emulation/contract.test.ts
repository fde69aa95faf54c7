import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeContract, writeReminder } from '../../../src/policies/tool-emulation/contract.ts';
import { functionTool } from '../scripted-backend.ts';
import { declaredTools } from './parsed-output.ts';

const terms = { tools: declaredTools, choice: { type: 'auto' }, parallel: true, budget: 48_000 } as const;

test('the contract shows the form with a real tool, and each tool with its whole schema', () => {
  const contract = writeContract(terms);
  assert.match(contract, /```json action\n\{"tool": "Read", "parameters": \{"file_path": …\}\}\n```/);
  for (const tool of declaredTools.slice(0, 4))
    assert.ok(contract.includes(JSON.stringify(tool.inputSchema)));
});

test('the contract says which declared tool is for what, and names no other', () => {
  const contract = writeContract(terms);
  assert.match(contract, /- To run a command: Bash\n/);
  assert.match(contract, /- To read a file: Read\n/);
  assert.doesNotMatch(contract, /To search the web/);
});

test('choice and parallel calls are put in words', () => {
  assert.doesNotMatch(writeContract(terms), /must call/);
  assert.match(writeContract({ ...terms, choice: { type: 'required' } }), /must call at least one tool/);
  const named = { ...terms, choice: { type: 'tool', name: 'Read' } } as const;
  assert.match(writeContract(named), /must call the tool "Read"/);
  assert.match(writeReminder(named), /must call the tool "Read"/);
  assert.match(writeContract({ ...terms, parallel: false }), /at most one block/);
});

test('forty tools of two kilobytes each are written briefly, with every required argument', () => {
  const properties = {
    path: { type: 'string', description: 'x'.repeat(900) },
    edits: {
      type: 'array',
      items: { type: 'object', properties: { old: { type: 'string' } }, required: ['old'] },
    },
    mode: { enum: ['a', 'b'] },
    limit: { type: ['integer', 'null'] },
  };
  const tools = Array.from({ length: 40 }, (_, index) =>
    functionTool(
      `tool_${index}`,
      { type: 'object', properties, required: ['path'] },
      `Does ${index}. ${'y'.repeat(1_000)}`,
    ),
  );
  const contract = writeContract({ ...terms, tools });
  assert.ok(contract.length < 48_000 + 4_000);
  for (const { name } of tools) {
    assert.ok(
      contract.includes(
        `- ${name}(path: string, edits?: {old: string}[], mode?: "a"|"b", limit?: integer|null) — Does`,
      ),
    );
  }
});
