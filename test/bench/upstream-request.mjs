// The least that a request to the remote API takes, written apart from the product: for the floor, and for reaching the
// simulated upstream directly.
import { createHash, randomUUID } from 'node:crypto';

const cosyVersion = '2.11.2';
const path = '/api/v2/service/pro/sse/agent_chat_generation';
const target = `/algo${path}?FetchKeys=llm_model_result&AgentId=agent_common`;
const messageFields = {
  response_meta: { id: '', usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
  reasoning_content_signature: '',
};

/** An OpenAI chat request as a signed one to the remote API. */
export function upstreamRequest(chat, login) {
  const id = randomUUID().replaceAll('-', '');
  const body = JSON.stringify({
    request_id: id,
    request_set_id: '',
    chat_record_id: id,
    stream: true,
    image_urls: null,
    is_reply: false,
    is_retry: false,
    session_id: '',
    code_language: '',
    source: 0,
    version: '3',
    chat_prompt: '',
    parameters: { temperature: 0.1 },
    aliyun_user_type: 'personal_standard',
    agent_id: 'agent_common',
    task_id: 'question_refine',
    model_config: {
      key: chat.model,
      display_name: '',
      model: chat.model,
      format: '',
      is_vl: false,
      is_reasoning: false,
      api_key: '',
      url: '',
      source: '',
      enable: false,
    },
    messages: chat.messages.map((message) => ({ ...message, ...messageFields })),
    ...(chat.tools && { tools: chat.tools }),
    business: {
      product: 'jb_plugin',
      version: cosyVersion,
      type: 'memory',
      id: randomUUID(),
      begin_at: Date.now(),
      stage: 'start',
      name: `memory_intent_recognition_${id}`,
    },
  });
  return { method: 'POST', path: target, body, headers: signedHeaders(body, login) };
}

function signedHeaders(body, login) {
  const seconds = Math.floor(Date.now() / 1000);
  const payload = Buffer.from(
    JSON.stringify({
      cosyVersion,
      ideVersion: '',
      info: login.encryptUserInfo,
      requestId: randomUUID(),
      version: 'v1',
    }),
  ).toString('base64');
  const signature = createHash('md5')
    .update(`${payload}\n${login.key}\n${seconds}\n${body}\n${path}`)
    .digest('hex');
  return {
    authorization: `Bearer COSY.${payload}.${signature}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    accept: 'text/event-stream',
    'cache-control': 'no-cache',
    appcode: 'cosy',
    'cosy-key': login.key,
    'cosy-user': login.uid,
    'cosy-machineid': login.machineId,
    'cosy-date': String(seconds),
    'cosy-clientip': '198.18.0.1',
    'cosy-clienttype': '2',
    'cosy-machineos': 'x86_64_linux',
    'cosy-machinetoken': '',
    'cosy-machinetype': '',
    'cosy-version': cosyVersion,
    'login-version': 'v2',
  };
}
