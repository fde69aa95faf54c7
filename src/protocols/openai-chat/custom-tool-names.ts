import type { ChatRequest } from './decode-request.ts';

/** The tools whose calls carry free text instead of JSON arguments. */
export function customToolNames(request: ChatRequest): ReadonlySet<string> {
  return new Set(request.turn.tools.filter((tool) => tool.kind === 'custom').map((tool) => tool.name));
}
