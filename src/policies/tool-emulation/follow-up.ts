import type { Turn } from '../../core/turn.ts';

/** The same conversation, continued with what the model said and what it should do about it. */
export function followUp(turn: Turn, said: string, request: string): Turn {
  return {
    ...turn,
    messages: [
      ...turn.messages,
      ...(said.trim() === ''
        ? []
        : [{ role: 'assistant' as const, content: [{ type: 'text' as const, text: said }] }]),
      { role: 'user', content: [{ type: 'text', text: request }] },
    ],
  };
}

/** Asks for an invalid call once more. */
export function repairRequest(problem: string): string {
  return `Your last action block could not be used: ${problem} Write this one call again, corrected, as a single \`\`\`json action block with strict JSON, and nothing else.`;
}

/** Asks for the call that was required, or that a model believed it could not make. */
export function insistRequest(toolName: string | undefined): string {
  const which = toolName === undefined ? 'the tool that fits' : `the tool "${toolName}"`;
  return `You do have tools in this conversation: those listed under "Tools". They are called by writing a \`\`\`json action block, and they run as soon as you do. Answer my last message again: call ${which} now with a \`\`\`json action block.`;
}

/** A string, which the bundler writes in ASCII: one wider character would double the memory that the whole bundle's source takes. */
const refusalInChinese =
  '(?:没有|無法|无法|不能|不具备|没法)[^。\\n]{0,20}(?:工具|文件系统|终端|执行命令|访问文件|读取文件)';
const refusals: readonly RegExp[] = [
  /\b(?:do not|don't|cannot|can't|can not|am unable to|am not able to|lack|have no)\b[^.\n]{0,60}\b(?:tools?|file ?system|your (?:files|computer|machine|terminal)|shell|execute (?:commands|code)|run commands|function calling)\b/i,
  /\bno (?:tools?|functions?) (?:are |is )?(?:available|provided|accessible)\b/i,
  new RegExp(refusalInChinese),
];

/** Whether an answer without a call claims that the model has no tools. Looks at its beginning only. */
export function claimsNoTools(answer: string): boolean {
  const beginning = answer.slice(0, 1_000).replaceAll('’', "'");
  return refusals.some((refusal) => refusal.test(beginning));
}
