import type { KeptRequest, RequestRecord } from '../recording/record.ts';

type Headers = Readonly<Record<string, string>>;

/** Requests as an HTTP Archive (HAR 1.2), as browsers and proxies read it. Fields of our own begin with an underscore. */
export function toHar(requests: readonly KeptRequest[], version: string): object {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Lingma Proxy', version },
      entries: requests.map((request) => entryOf(request.toRecord())),
    },
  };
}

function entryOf(record: RequestRecord): object {
  const { id, time, durationMs, firstTokenMs, client, api, sessionId, modelAsked, modelUsed } = record;
  const wait = firstTokenMs ?? durationMs;
  return {
    startedDateTime: time,
    time: durationMs,
    request: requestOf(record),
    response: responseOf(record),
    cache: {},
    timings: { send: 0, wait, receive: Math.max(0, durationMs - wait) },
    _id: id,
    _client: client,
    _api: api,
    ...(sessionId === undefined ? {} : { _session: sessionId }),
    ...(modelAsked === undefined ? {} : { _modelAsked: modelAsked }),
    ...(modelUsed === undefined ? {} : { _modelUsed: modelUsed }),
    ...(record.error === undefined ? {} : { _error: record.error }),
  };
}

function requestOf({ method, path, requestHeaders, request, requestSize, requestOmitted }: RequestRecord) {
  const url = new URL(
    path.startsWith('/') ? path : `/${path}`,
    `http://${requestHeaders['host'] ?? '127.0.0.1'}`,
  );
  return {
    method,
    url: url.href,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: headersOf(requestHeaders),
    queryString: Array.from(url.searchParams, ([name, value]) => ({ name, value })),
    headersSize: -1,
    bodySize: requestSize,
    ...(request === ''
      ? {}
      : { postData: { mimeType: 'application/json', text: request, ...commentOn(requestOmitted) } }),
  };
}

function responseOf({ statusCode, responseHeaders, response, responseSize, responseOmitted }: RequestRecord) {
  return {
    status: statusCode ?? 0,
    statusText: '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: headersOf(responseHeaders),
    content: {
      size: responseSize,
      mimeType: responseHeaders['content-type'] ?? '',
      text: response,
      ...commentOn(responseOmitted),
    },
    redirectURL: '',
    headersSize: -1,
    bodySize: responseSize,
  };
}

function headersOf(headers: Headers): { readonly name: string; readonly value: string }[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

function commentOn(omitted: number): { readonly comment?: string } {
  return omitted > 0 ? { comment: `${omitted} characters were not recorded.` } : {};
}
