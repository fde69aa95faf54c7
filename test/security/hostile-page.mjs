// What a web page tries on the proxy. Runs in a browser, on a page of the attacker's; the test calls `attack`.
/* global document, window, EventSource, WebSocket, Image, location */

const question = JSON.stringify({
  model: 'kmodel',
  stream: true,
  messages: [{ role: 'user', content: 'Hi' }],
});

/** Each way to reach `url`, and what the page could read of the answer: a text, or undefined. */
const ways = {
  'fetch, simple': ({ url }) => read(fetch(url)),
  'fetch, simple post': ({ url }) => read(fetch(url, { method: 'POST', body: question })),
  'fetch, with cookies': ({ url }) =>
    read(fetch(url, { method: 'POST', body: question, credentials: 'include' })),
  'fetch, no-cors': ({ url }) => read(fetch(url, { mode: 'no-cors' })),
  'fetch, no-cors post': ({ url }) => read(fetch(url, { mode: 'no-cors', method: 'POST', body: question })),
  'fetch, no referrer': ({ url }) => read(fetch(url, { mode: 'no-cors', referrerPolicy: 'no-referrer' })),
  'fetch, preflighted': ({ url, method }) =>
    read(
      fetch(url, {
        method,
        headers: { 'content-type': 'application/json', 'x-api-key': 'any' },
        ...(method === 'POST' && { body: question }),
      }),
    ),
  'fetch, from a sandboxed frame': ({ url }) => sandboxed(`fetch(${JSON.stringify(url)})`),
  'fetch, posted from a sandboxed frame': ({ url }) =>
    sandboxed(
      `fetch(${JSON.stringify(url)}, { method: 'POST', mode: 'no-cors', body: ${JSON.stringify(question)} })`,
    ),
  beacon: async ({ url }) => {
    navigator.sendBeacon(url, question);
  },
  form: ({ url }) => {
    const form = document.createElement('form');
    Object.assign(form, { action: url, method: 'post', enctype: 'text/plain' });
    // A form writes `name=value`, which can be made to be JSON.
    const [name, value] = ['{"model":"kmodel","messages":[{"role":"user","content":"Hi"}],"user":"', '"}'];
    form.append(Object.assign(document.createElement('input'), { name, value }));
    return framed((frame) => {
      frame.name = form.target = `frame-${Math.random()}`;
      document.body.append(form);
      form.submit();
    });
  },
  frame: ({ url }) =>
    framed((frame) => {
      frame.src = url;
    }),
  image: ({ url }) => loaded(Object.assign(new Image(), { src: url })),
  script: ({ url }) => loaded(Object.assign(document.createElement('script'), { src: url })),
  module: ({ url }) => loaded(Object.assign(document.createElement('script'), { src: url, type: 'module' })),
  style: ({ url }) => loaded(Object.assign(document.createElement('link'), { href: url, rel: 'stylesheet' })),
  object: ({ url }) => loaded(Object.assign(document.createElement('object'), { data: url })),
  'event source': ({ url }) =>
    new Promise((resolve) => {
      const source = new EventSource(url);
      const end = (text) => {
        source.close();
        resolve(text);
      };
      source.onopen = () => end('the stream was opened');
      source.onmessage = ({ data }) => end(data);
      source.onerror = () => end();
    }),
  'web socket': ({ url }) =>
    new Promise((resolve) => {
      const socket = new WebSocket(url.replace('http', 'ws'));
      socket.onopen = () => resolve('the socket was opened');
      socket.onmessage = ({ data }) => resolve(String(data));
      socket.onerror = () => resolve();
    }),
};

async function read(answer) {
  try {
    const { type, text } = await answer.then(async (got) => ({ type: got.type, text: await got.text() }));
    return type === 'opaque' && text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

/** What has not loaded by then does not say so. Milliseconds. */
const loadMs = 400;

/** Resolves once the element has loaded or has not. */
function loaded(element) {
  return new Promise((resolve) => {
    const end = (text) => {
      element.remove();
      resolve(text);
    };
    element.onload = () => end(element.naturalWidth > 0 ? 'it is an image' : undefined);
    element.onerror = () => end();
    document.body.append(element);
    setTimeout(end, loadMs);
  });
}

function framed(send) {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const look = () => {
      const text = textIn(frame);
      frame.remove();
      resolve(text);
    };
    // The first load is that of the empty frame, in browsers that tell of it.
    setTimeout(() => {
      frame.onload = look;
      send(frame);
      setTimeout(look, loadMs);
    }, 20);
  });
}

function textIn({ contentDocument, contentWindow }) {
  try {
    if (contentWindow.location.href === 'about:blank') return undefined;
    return contentDocument.documentElement.textContent || undefined;
  } catch {
    return undefined;
  }
}

/** Runs a fetch in a frame whose origin is `null`, and tells what it could read. */
function sandboxed(expression) {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-scripts';
    const onMessage = ({ source, data }) => {
      if (source !== frame.contentWindow) return;
      window.removeEventListener('message', onMessage);
      frame.remove();
      resolve(data || undefined);
    };
    window.addEventListener('message', onMessage);
    frame.srcdoc = `<script>${expression}.then((got) => got.text()).catch(() => '').then((text) => parent.postMessage(text, '*'))</script>`;
    document.body.append(frame);
  });
}

/** What waits for longer is not answered. Milliseconds. */
const patienceMs = 5_000;
/** A browser opens six connections to a host; more than that only wait. */
const atOnce = 8;

/** Tries every way on every target; resolves to what could be read, by way and target. */
globalThis.attack = async (targets) => {
  const findings = [];
  const attempts = targets.flatMap((target, index) =>
    Object.entries(ways)
      // Of those, a browser opens fewer and fewer the more are refused.
      .filter(([way]) => way !== 'web socket' || index < 2)
      .map(([way, run]) => ({ target, way, run })),
  );
  const tryOn = async () => {
    for (let next = attempts.shift(); next !== undefined; next = attempts.shift()) {
      const { target, way, run } = next;
      const late = new Promise((resolve) => setTimeout(resolve, patienceMs));
      const text = await Promise.race([run(target), late]);
      if (text !== undefined) findings.push({ way, url: target.url, text });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, tryOn));
  return { findings, origin: location.origin, ways: Object.keys(ways) };
};
