import type { Brain, Reply, ReplyPart, SimulatedRequest } from '../../src/demo/brain.ts';

type Step = readonly ReplyPart[] | Reply;

/** A model that gives one reply after the other, and remembers what it was asked. The last reply is repeated. */
export function recordingBrain(...steps: readonly Step[]): { brain: Brain; asked: SimulatedRequest[] } {
  const asked: SimulatedRequest[] = [];
  const brain: Brain = (request) => {
    const step = steps[Math.min(asked.length, steps.length - 1)] ?? [];
    asked.push(request);
    return 'parts' in step ? step : { parts: step };
  };
  return { brain, asked };
}

/** All that the model can read of a request, whichever way it came. */
export function readable(request: SimulatedRequest | undefined): string {
  if (request === undefined) return '';
  return request.backend === 'ipc'
    ? request.prompt
    : JSON.stringify({ messages: request.messages, tools: request.tools });
}
