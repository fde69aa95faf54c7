import { Agent, request as httpRequest } from 'node:http';
import { upstreamRequest } from './upstream-request.mjs';

const agent = new Agent({ keepAlive: true, noDelay: true });
/** Stands in each chunk of content, whichever form its event has. */
const marker = 'steady text';

/**
 * Sends one request and reads the answer to its end. Resolves with the milliseconds to the first content and to the end, and
 * with the number of content events.
 */
function exchange(url, { method, path, headers, body }) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const request = httpRequest({ hostname, port, agent, method, path, headers }, (answer) => {
      let firstMs;
      let events = 0;
      answer.setEncoding('latin1');
      answer.once('data', (text) => {
        if (answer.statusCode !== 200) reject(new Error(`${url}${path}: ${answer.statusCode} ${text}`));
      });
      answer.on('data', (text) => {
        for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + 1)) events++;
        if (events > 0) firstMs ??= performance.now() - began;
      });
      answer.on('end', () => resolve({ firstMs, endMs: performance.now() - began, events }));
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends a chat request to a proxy. */
export function chat(url, body) {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return exchange(url, { method: 'POST', path: '/v1/chat/completions', headers, body });
}

/** Sends the same request to the upstream itself. Building and signing it is not part of the time. */
export function chatDirectly({ url, login }, body) {
  return exchange(url, upstreamRequest(JSON.parse(body), login));
}
