import { tryParseJson } from '../core/json.ts';
import type { KeptRequest } from '../recording/record.ts';
import type { CopyFormat } from '../shared/inspector-calls.ts';
import { holdsMarks } from './kept-images.ts';
import { pythonLiteral } from './python-literal.ts';

const keyPlaceholder = 'YOUR_API_KEY';

/** Headers that the program makes itself, or that only the first client's connection needed. */
const left =
  /^(?:host|connection|content-length|content-encoding|transfer-encoding|accept-encoding|expect|te|upgrade|keep-alive|origin|referer|cookie|sec-.*|proxy-.*|x-stainless-.*)$/;

interface Program {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for a request without one. */
  readonly body: string | undefined;
  /** What somebody who runs it should know. */
  readonly warning: string | undefined;
}

/** A request as a program would send it to the proxy at `baseUrl`; the key is a placeholder. */
export function copyAs(request: KeptRequest, format: CopyFormat, baseUrl: string): string {
  const program = programOf(request, baseUrl);
  switch (format) {
    case 'curl':
      return curl(program);
    case 'fetch':
      return fetchCall(program);
    case 'python':
      return python(program);
    default:
      return format satisfies never;
  }
}

function programOf(request: KeptRequest, baseUrl: string): Program {
  const { method, path, requestHeaders } = request.toHead();
  const { text, omitted } = request.readBody('request') ?? { text: '', omitted: 0 };
  const headers = Object.entries(requestHeaders)
    .filter(([name]) => !left.test(name.toLowerCase()))
    .map(([name, value]) => [name, withPlaceholder(name, value)] as const)
    .filter(([, value]) => !value.includes('[redacted'));
  return {
    url: baseUrl + path,
    method,
    headers: Object.fromEntries(headers),
    body: text === '' ? undefined : text,
    warning: warningOf(text, omitted),
  };
}

function withPlaceholder(name: string, value: string): string {
  if (!value.includes('[redacted]')) return value;
  if (name.toLowerCase() === 'authorization') return `Bearer ${keyPlaceholder}`;
  return name.toLowerCase() === 'x-api-key' ? keyPlaceholder : value;
}

function warningOf(text: string, omitted: number): string | undefined {
  if (omitted > 0)
    return `The record holds only the beginning of this body; ${omitted} characters are missing.`;
  if (holdsMarks(text)) return 'The record keeps no images: put yours where it says [redacted …].';
  return undefined;
}

function curl({ url, method, headers, body, warning }: Program): string {
  const lines = [
    `curl -N -X ${method} ${shellQuoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${shellQuoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${shellQuoted(body)}`]),
  ];
  return `${warning === undefined ? '' : `# ${warning}\n`}${lines.join(' \\\n  ')}\n`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function fetchCall({ url, method, headers, body, warning }: Program): string {
  const json = body === undefined ? undefined : tryParseJson(body);
  const shownBody = json === undefined ? JSON.stringify(body) : `JSON.stringify(${indented(json)})`;
  return [
    ...(warning === undefined ? [] : [`// ${warning}`]),
    `const response = await fetch(${JSON.stringify(url)}, {`,
    `  method: ${JSON.stringify(method)},`,
    `  headers: ${indented(headers)},`,
    ...(body === undefined ? [] : [`  body: ${shownBody},`]),
    '});',
    'console.log(response.status, await response.text());',
    '',
  ].join('\n');
}

function indented(json: unknown): string {
  return JSON.stringify(json, null, 2).replaceAll('\n', '\n  ');
}

function python({ url, method, headers, body, warning }: Program): string {
  const json = body === undefined ? undefined : tryParseJson(body);
  const argument =
    json === undefined ? `data=${pythonLiteral(body ?? '')}.encode()` : `json=${pythonLiteral(json, '    ')}`;
  return [
    ...(warning === undefined ? [] : [`# ${warning}`]),
    'import requests',
    '',
    'response = requests.request(',
    `    ${pythonLiteral(method)},`,
    `    ${pythonLiteral(url)},`,
    `    headers=${pythonLiteral(headers, '    ')},`,
    ...(body === undefined ? [] : [`    ${argument},`]),
    ')',
    'print(response.status_code, response.text)',
    '',
  ].join('\n');
}
