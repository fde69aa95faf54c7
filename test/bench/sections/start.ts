import { measureStart } from '../processes.ts';
import { interleaved, median } from '../statistics.ts';
import { digits, table } from '../table.ts';
import type { Goal, Section } from './section.ts';

interface Figures {
  readonly listeningMs: number;
  readonly servedMs: number;
}

type Result = Readonly<Record<'node' | 'product', Figures>>;

/** The least that a server in Node takes. */
const emptyServer = `
const server = require('node:http').createServer((_request, response) => response.end('{}'));
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port));`;

/** From the command, in an empty home, to listening and to the first byte served. */
export const start: Section<Result> = {
  name: 'start',
  async measure({ node, rounds }) {
    const samples = await interleaved(rounds(11), {
      node: () => measureStart(node, ['-e', emptyServer]),
      product: () => measureStart(node),
    });
    const of = (sample: readonly Figures[]): Figures => ({
      listeningMs: median(sample.map(({ listeningMs }) => listeningMs)),
      servedMs: median(sample.map(({ servedMs }) => servedMs)),
    });
    const result = { node: of(samples.node), product: of(samples.product) };
    const goals: Goal[] = [
      {
        what: 'from the command to listening',
        value: result.product.listeningMs,
        unit: 'ms',
        limit: 150,
        sense: 'at most',
        why: `The start: an empty server in Node takes ${digits(result.node.listeningMs, 0)} ms of it. Of the rest a profile gives a quarter to compiling 880 KB of source and three tenths to loading fastify and setting up its routes. On Node 22.1 or later NODE_COMPILE_CACHE saves a quarter of a start.`,
      },
    ];
    return { result, text: describe(result), goals };
  },
};

function describe({ node, product }: Result): string {
  const row = (title: string, { listeningMs, servedMs }: Figures) => [
    title,
    digits(listeningMs, 0),
    digits(servedMs, 0),
  ];
  return `## Start

Milliseconds from the command to listening, and to the first byte served.

${table(['', 'listening', 'first byte'], [row('an empty server in Node', node), row('lingma-proxy', product)])}`;
}
