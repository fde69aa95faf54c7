import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';

export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) => void | Promise<void>;

export interface UpstreamServer {
  readonly url: string;
  readonly port: number;
  /** Paths asked for, in order. */
  readonly paths: string[];
  /** Ports that clients connected from, in order. */
  readonly connections: number[];
  readonly openSockets: ReadonlySet<Socket>;
  /** Resolves once no connection is open. */
  allClosed(): Promise<void>;
  close(): Promise<void>;
}

/** A server on loopback that answers as the test says. */
export async function startUpstream(answer: Answer): Promise<UpstreamServer> {
  const paths: string[] = [];
  const connections: number[] = [];
  const openSockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    paths.push(request.url ?? '');
    request.setEncoding('utf8');
    let body = '';
    for await (const piece of request) body += piece;
    await answer(request, response, body);
  });
  server.on('connection', (socket: Socket) => {
    connections.push(socket.remotePort ?? 0);
    openSockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      openSockets.delete(socket);
      server.emit('one closed');
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    paths,
    connections,
    openSockets,
    async allClosed() {
      while (openSockets.size > 0) await once(server, 'one closed');
    },
    async close() {
      for (const socket of openSockets) socket.destroy();
      server.close();
    },
  };
}

/** An HTTP proxy that leads every tunnel to `targetPort`, or refuses it with `status`. */
export async function startTunnel(targetPort: number, status = 200) {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    sockets.add(client);
    client.on('error', () => {});
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const target = connect(targetPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(target).pipe(client);
    });
    sockets.add(target);
    target.on('error', () => client.destroy());
  });
  const port = await listen(server);
  return {
    port,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
