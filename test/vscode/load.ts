import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isRecord } from '../../src/core/json.ts';
import type { Brain } from '../../src/demo/brain.ts';

/**
 * What became of a request:
 * - `whole`: all of its answer came, to its end, each character right.
 * - `told`: the proxy said by the dialect's own error that it could not answer, or not to the end.
 * - `unsent`: nobody listened, so that nothing of it had begun.
 * - `broken`: the connection ended in any other way, or the answer was a wrong one.
 */
export type Outcome = 'whole' | 'told' | 'unsent' | 'broken';

const pieces = 24;

/** The only right answer to a question. */
function answerTo(question: string): string {
  return Array.from({ length: pieces }, (_, index) => `${question} ${index}: 蓝😀 `).join('');
}

/** A question whose answer takes half a minute. The others are answered within a second. */
export const slowQuestion = 'question-slow';

/** Answers each question with what only that question is answered with, a piece at a time. */
export const steadyBrain: Brain = (asked) => {
  const last = asked.backend === 'remote' ? asked.messages.at(-1)?.content : asked.prompt;
  const question = /question-[\w-]+/.exec(last ?? '')?.[0] ?? '';
  const text = answerTo(question);
  const chunksPerSecond = question === slowQuestion ? 0.8 : 40;
  return { parts: [{ text }], chunkSize: Math.ceil(text.length / pieces), chunksPerSecond };
};

/** Asks one question over a connection of its own, streamed. */
export function ask(url: string, question: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const call = request(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      agent: false,
    });
    call.on('error', (error) =>
      resolve('code' in error && error.code === 'ECONNREFUSED' ? 'unsent' : 'broken'),
    );
    call.on('response', (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text) => {
        body += text;
      });
      answer.on('error', () => resolve('broken'));
      answer.on('end', () => resolve(outcomeOf(answer.statusCode ?? 0, body, question)));
    });
    call.end(
      JSON.stringify({ model: 'kmodel', stream: true, messages: [{ role: 'user', content: question }] }),
    );
  });
}

function outcomeOf(status: number, body: string, question: string): Outcome {
  if (status >= 400) return isRecord(JSON.parse(body)) ? 'told' : 'broken';
  const data = body.split('\n\n').map((event) => event.replace(/^data: /, ''));
  const events = data.filter((each) => each.startsWith('{')).map((each): unknown => JSON.parse(each));
  if (events.some((event) => isRecord(event) && isRecord(event['error']))) return 'told';
  return data.includes('[DONE]') && events.map(textIn).join('') === answerTo(question) ? 'whole' : 'broken';
}

function textIn(event: unknown): string {
  const choice: unknown =
    isRecord(event) && Array.isArray(event['choices']) ? event['choices'][0] : undefined;
  const delta = isRecord(choice) && isRecord(choice['delta']) ? choice['delta'] : {};
  return typeof delta['content'] === 'string' ? delta['content'] : '';
}

/** Clients that ask one question after the other until they are told to stop, and try again whatever was not sent. */
export class Load {
  readonly outcomes: Outcome[] = [];
  readonly #clients: readonly Promise<void>[];
  #over = false;

  constructor(url: string, clients: number) {
    this.#clients = Array.from({ length: clients }, (_, index) => this.#client(url, index));
  }

  count(outcome: Outcome): number {
    return this.outcomes.filter((each) => each === outcome).length;
  }

  /** Waits until so many more requests have come to an end. */
  async more(requests: number, outcome: Outcome = 'whole'): Promise<void> {
    const wanted = this.count(outcome) + requests;
    while (this.count(outcome) < wanted) await delay(20);
  }

  /** Lets each client finish what it has begun. */
  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#clients);
  }

  async #client(url: string, index: number): Promise<void> {
    for (let count = 0; !this.#over; count++) {
      const outcome = await ask(url, `question-${index}-${count}`);
      this.outcomes.push(outcome);
      if (outcome !== 'whole') await delay(50);
    }
  }
}
