import type { RemoteCall } from './request-headers.ts';

/** The call that a method and path make, or undefined when there is none. */
export function callOf(method: string | undefined, path: string): RemoteCall | undefined {
  if (method === 'GET' && path === '/algo/api/v2/model/list') return 'models';
  if (method === 'POST' && path === '/algo/api/v2/service/pro/sse/agent_chat_generation') return 'chat';
  if (method === 'POST' && path === '/algo/api/v2/image/upload') return 'upload';
  return undefined;
}

/** What is wrong with a call's query string, or undefined. */
export function findBrokenQuery(call: RemoteCall, url: URL): string | undefined {
  const query = url.search.slice(1);
  switch (call) {
    case 'models':
      return query === '' ? undefined : 'query: the model list takes none';
    case 'upload':
      return /^request_id=[^&]+$/.test(query) ? undefined : 'query: expected request_id=ID';
    case 'chat':
      return /^FetchKeys=llm_model_result&AgentId=agent_common(&Encode=1)?$/.test(query)
        ? undefined
        : 'query: expected FetchKeys=llm_model_result&AgentId=agent_common';
    default:
      return call satisfies never;
  }
}

/** The object store's answer to a path that it does not have. */
export const noSuchKey =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>\n';

/** The API's own error body. */
export function errorBody(status: number, message: string): string {
  return JSON.stringify({ success: false, errorCode: String(status), errorMessage: message });
}
