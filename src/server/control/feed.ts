import type { FastifyReply } from 'fastify';
import { controlProtocol, type FeedEvent } from '../../control/feed-events.ts';
import { formatSse } from '../../core/sse.ts';
import { EventStream } from '../event-stream.ts';
import { whenClientLeaves } from '../when-client-leaves.ts';
import type { ControlServices } from './control-services.ts';

/** Requests that a window which attaches is told of: more than any of its views shows without asking. */
const pastRequests = 200;
/** What changes without being told, such as a login that expires, is told anew after so much silence. Milliseconds. */
const repeatMs = 15_000;
/** Bytes that may wait for a window that does not read: it has to attach anew, and is told all again. */
const mostUnread = 4_000_000;

/** Tells a window all that there is to see, from now until it leaves or this proxy lets go of its port. */
export function sendFeed(services: ControlServices, reply: FastifyReply): void {
  const present = (): FeedEvent => ({ type: 'present', ...presentOf(services) });
  const stream = new EventStream(reply, repeatMs, { onText: () => {}, keepAlive: () => format(present()) });
  const tell = (event: FeedEvent) => {
    stream.write(format(event));
    if (reply.raw.writableLength > mostUnread) reply.raw.destroy();
  };
  const { version, kind, requests } = services;
  tell({
    type: 'hello',
    protocol: controlProtocol,
    version,
    kind,
    ...presentOf(services),
    requests: requests.summaries(pastRequests),
    running: requests.running,
  });
  const end = () => {
    for (const unsubscribe of subscriptions) unsubscribe();
    stream.end();
  };
  const subscriptions = [
    services.onChange(() => tell(present())),
    requests.subscribe((request) =>
      tell({ type: 'request', request: request.toSummary(), running: requests.running }),
    ),
    services.onLog((line) => tell({ type: 'log', line })),
    services.onEnding((ending) => {
      tell({ type: 'ending', ending });
      end();
    }),
  ];
  whenClientLeaves(reply, end);
}

function presentOf(services: ControlServices) {
  return {
    state: services.state(),
    models: services.models() ?? null,
    settings: services.settings(),
  };
}

function format(event: FeedEvent): string {
  return formatSse(JSON.stringify(event));
}
