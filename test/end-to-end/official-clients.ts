import { chatClient } from './chat-client.ts';
import type { OfficialClient, Question } from './conversation.ts';
import { messagesClient } from './messages-client.ts';
import { responsesClient } from './responses-client.ts';
import type { RunningProxy } from './running-proxy.ts';

const officialClients: readonly OfficialClient[] = [chatClient, responsesClient, messagesClient];

/** Each way to ask: every API, whole and streamed. */
export const ways = officialClients.flatMap((client) => [
  {
    name: `${client.name}, whole`,
    client,
    ask: (proxy: RunningProxy, question: Question) => client.converse(proxy, question, false).answer(),
    converse: (proxy: RunningProxy, question: Question) => client.converse(proxy, question, false),
    streams: false,
  },
  {
    name: `${client.name}, streamed`,
    client,
    ask: (proxy: RunningProxy, question: Question) => client.converse(proxy, question, true).answer(),
    converse: (proxy: RunningProxy, question: Question) => client.converse(proxy, question, true),
    streams: true,
  },
]);
