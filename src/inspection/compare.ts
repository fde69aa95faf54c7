import { tryParseJson } from '../core/json.ts';
import type { KeptRequest } from '../recording/record.ts';
import type { Comparison } from '../shared/inspector-calls.ts';
import { comparePrompts, promptSegments } from './prompt-segments.ts';
import { readTurn } from './read-turn.ts';
import { unifiedDiff } from './unified-diff.ts';

/** Two requests side by side: how far their prompts are the same, and what differs. */
export function compareRequests(left: KeptRequest, right: KeptRequest): Comparison {
  return {
    left: left.toSummary(),
    right: right.toSummary(),
    ...comparePrompts(segmentsOf(left), segmentsOf(right)),
    diff: unifiedDiff(fileOf(left), fileOf(right)),
  };
}

function segmentsOf(request: KeptRequest) {
  const { turn } = readTurn(request);
  return turn ? promptSegments(turn) : [];
}

function fileOf(request: KeptRequest) {
  const { text } = request.readBody('request') ?? { text: '' };
  const json = tryParseJson(text);
  return { name: request.id, text: json === undefined ? text : JSON.stringify(json, null, 2) };
}
