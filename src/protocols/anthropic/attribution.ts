/** How the block begins that Claude Code puts in front of its system prompt: `x-anthropic-billing-header: cc_version=…; …`. */
const attributionPrefix = 'x-anthropic-billing-header:';

/**
 * An instruction without Claude Code's attribution line. The line changes from request to request and means nothing to a
 * model, so keeping it would break every prompt cache behind it. '' when the instruction was nothing else.
 */
export function withoutAttribution(instruction: string): string {
  if (!instruction.startsWith(attributionPrefix)) return instruction;
  const end = instruction.indexOf('\n');
  return end === -1 ? '' : instruction.slice(end + 1);
}
