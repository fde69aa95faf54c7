import { type Answer, chat, type Request } from '../client.ts';
import type { Measured } from '../processes.ts';
import { imageRequest, smallRequest } from '../requests.ts';
import { interleaved, mapValues, median, quantile } from '../statistics.ts';
import { digits, table } from '../table.ts';
import { type Goal, type Section, serverNames } from './section.ts';

interface Figures {
  /** Milliseconds between the chunks of the streams. */
  readonly gapP50: number;
  readonly gapP99: number;
  readonly longestGap: number;
  /** Milliseconds that the event loop was late. */
  readonly loopP99: number;
  readonly loopMost: number;
}

type Result = Readonly<Record<'remote' | 'ipc', { readonly alone: Figures; readonly beside: Figures }>>;

const whyLate =
  'A picture of 5 MB: the thread that serves the streams receives it, parses the JSON around it, decodes the base64, and writes it into the prompt as base64 again, twice, as the runtime wants it. Each of these is one block of 4 to 30 ms. A worker for large bodies would take them off that thread.';

const streams = 15;
const rate = 100;

/** A 5 MB image among running streams of text: does it hold them up? */
export const besideImage: Section<Result> = {
  name: 'besideImage',
  async measure({ quick, rounds, servers }) {
    const image = await imageRequest(1);
    const text = smallRequest(quick ? 50 : 300, rate);
    const measureBoth = async (server: Measured) => {
      const samples = await interleaved(rounds(3), {
        alone: () => measureStreams(server, text),
        beside: () => measureStreams(server, text, image),
      });
      return mapValues(samples, middle);
    };
    const result = { remote: await measureBoth(servers.remote), ipc: await measureBoth(servers.ipc) };
    const goals = (['remote', 'ipc'] as const).map(
      (backend): Goal => ({
        what: `event-loop delay p99 beside an image of 5 MB, ${serverNames[backend]}`,
        value: result[backend].beside.loopP99,
        unit: 'ms',
        limit: 20,
        sense: 'at most',
        why: whyLate,
      }),
    );
    return { result, text: describe(result), goals };
  },
};

/** Streams of text; as soon as all of them run, the other request goes out. */
async function measureStreams(server: Measured, text: Request, other?: Request): Promise<Figures> {
  let answers: Promise<Answer[]> = Promise.resolve([]);
  await new Promise<void>((resolve, reject) => {
    let started = 0;
    const onFirst = () => {
      if (++started === streams) resolve();
    };
    answers = Promise.all(Array.from({ length: streams }, () => chat(server.url, text, onFirst)));
    answers.catch(reject);
  });
  await server.watchEventLoop();
  if (other) await chat(server.url, other);
  else await answers;
  const loop = await server.eventLoopDelay();
  const gaps = (await answers).flatMap((answer) => answer.gaps);
  return {
    gapP50: quantile(gaps, 0.5),
    gapP99: quantile(gaps, 0.99),
    longestGap: Math.max(...gaps),
    loopP99: loop.p99,
    loopMost: loop.most,
  };
}

function middle(sample: readonly Figures[]): Figures {
  const of = (name: keyof Figures) => median(sample.map((figures) => figures[name]));
  return {
    gapP50: of('gapP50'),
    gapP99: of('gapP99'),
    longestGap: of('longestGap'),
    loopP99: of('loopP99'),
    loopMost: of('loopMost'),
  };
}

function describe(result: Result): string {
  const rows = (['remote', 'ipc'] as const).flatMap((backend) =>
    (['alone', 'beside'] as const).map((way) => {
      const { gapP50, gapP99, longestGap, loopP99, loopMost } = result[backend][way];
      const title = `${serverNames[backend]}, ${way === 'alone' ? 'text alone' : 'beside the image'}`;
      return [title, ...[gapP50, gapP99, longestGap, loopP99, loopMost].map((ms) => digits(ms, 1))];
    }),
  );
  return `## Beside an image

${streams} streams of text, ${rate} chunks a second each, and among them one request with a picture of 5 MB. Milliseconds from one chunk of
a stream to the next, and how late the event loop was while the picture was on its way.

${table(['', 'gap p50', 'gap p99', 'longest gap', 'event loop p99', 'event loop most'], rows)}`;
}
