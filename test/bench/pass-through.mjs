// The floor: what any proxy in Node has to do. Parses the request, builds and signs the upstream one, and pipes the answer's
// bytes on unparsed. At most `places` requests at a time, as in the product.
import { Agent, createServer, request as httpRequest } from 'node:http';
import { upstreamRequest } from './upstream-request.mjs';

const { url, login, places } = JSON.parse(process.argv[2]);
const { hostname, port } = new URL(url);
// The upstream ends idle connections after five seconds.
const agent = new Agent({ keepAlive: true, timeout: 3_000 });
const waiting = [];
let running = 0;

const server = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const chat = JSON.parse(Buffer.concat(pieces).toString());
  if (running >= places) await new Promise((resolve) => waiting.push(resolve));
  else running++;
  response.once('close', () => {
    const next = waiting.shift();
    if (next) next();
    else running--;
  });
  const { body, ...options } = upstreamRequest(chat, login);
  httpRequest({ hostname, port, agent, ...options }, (answer) => {
    response.writeHead(answer.statusCode, { 'content-type': 'text/event-stream' });
    answer.pipe(response);
  }).end(body);
});
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
