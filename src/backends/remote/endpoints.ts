/** One call of the remote API. */
export interface Endpoint {
  /** Below the base URL, with the query. */
  readonly target: string;
  /** What the signature covers: no query and no leading `/algo`. */
  readonly signedPath: string;
}

export const modelListEndpoint: Endpoint = endpoint('/api/v2/model/list');

const chatPath = '/api/v2/service/pro/sse/agent_chat_generation';
const chatQuery = '?FetchKeys=llm_model_result&AgentId=agent_common';

export const chatEndpoint: Endpoint = endpoint(chatPath, chatQuery);
export const encodedChatEndpoint: Endpoint = endpoint(chatPath, `${chatQuery}&Encode=1`);

/** Seen in lingma2api only. */
export function imageUploadEndpoint(requestId: string): Endpoint {
  return endpoint('/api/v2/image/upload', `?request_id=${requestId}`);
}

function endpoint(path: string, query = ''): Endpoint {
  return { target: `/algo${path}${query}`, signedPath: path };
}
