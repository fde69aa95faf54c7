import { isRecord, tryParseJson } from '../../core/json.ts';
import type { Violation } from '../../shared/inspector-calls.ts';
import { type EventBlock, eventBlocks } from '../event-blocks.ts';
import { ChatGrammar } from './chat-grammar.ts';
import type { Grammar, Report } from './grammar.ts';
import { MessagesGrammar } from './messages-grammar.ts';
import { ResponsesGrammar } from './responses-grammar.ts';

/** The dialects whose streams have rules, by their names in a record. */
const grammars: Readonly<Record<string, () => Grammar>> = {
  messages: () => new MessagesGrammar(),
  'openai-chat': () => new ChatGrammar(),
  'openai-responses': () => new ResponsesGrammar(),
};

/** After so many nobody learns anything more: what went wrong first is what matters. */
const mostViolations = 20;

/**
 * The rules of its dialect that an event stream breaks, in order. `isWhole`: it ended by itself and all of it is there, so that a
 * missing end counts.
 */
export function checkStream(api: string, stream: string, isWhole: boolean): Violation[] {
  const grammar = Object.hasOwn(grammars, api) ? grammars[api]?.() : undefined;
  if (!grammar) return [];
  const violations: Violation[] = [];
  const reportAt =
    (event: number | undefined): Report =>
    (rule, text) => {
      violations.push({
        side: 'response',
        severity: 'error',
        rule: `${nameOf(api)}/${rule}`,
        text,
        ...(event === undefined ? {} : { event }),
      });
    };
  for (const block of eventBlocks(stream)) {
    const { data } = block;
    if (data === undefined && block.text.startsWith(':')) continue;
    const json = data === undefined ? undefined : tryParseJson(data);
    // Redaction has torn it: what comes after it could only be guessed at.
    if (!isRecord(json) && (data === undefined || data.includes('[redacted'))) return violations;
    follow(grammar, block, json, reportAt(block.index));
    if (violations.length >= mostViolations) return violations.slice(0, mostViolations);
  }
  if (isWhole && !grammar.hasEnded) grammar.end(reportAt(undefined));
  return violations.slice(0, mostViolations);
}

function follow(grammar: Grammar, { name, data }: EventBlock, json: unknown, report: Report): void {
  if (grammar.hasEnded) report('after-end', 'An event came after the answer had ended.');
  else if (data === '[DONE]' && grammar.done) grammar.done(report);
  else if (isRecord(json)) grammar.accept({ name, json }, report);
  else report('not-json', 'The data of an event is not a JSON object.');
}

/** `openai-chat` → `chat` */
export function nameOf(api: string): string {
  return api.replace(/^openai-/, '');
}
