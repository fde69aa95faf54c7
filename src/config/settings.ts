import { defaultModelKey } from '../core/models.ts';
import { apiKeys } from './api-keys.ts';
import {
  boolean,
  choice,
  httpUrl,
  integer,
  megabytes,
  modelRules,
  originList,
  path,
  requiredText,
  type SettingType,
  seconds,
  text,
  textList,
  websocketUrl,
} from './setting-types.ts';

type SettingGroup = 'Server' | 'Models' | 'Remote API' | 'Local runtime' | 'Records';

/** One setting: the flag, the environment variables, the JSON key, the help and the editor's settings all come from here. */
export interface Setting<T> {
  readonly group: SettingGroup;
  /** The key in the JSON file. */
  readonly jsonKey: string;
  /** Without the dashes. */
  readonly flag: string;
  /** In order of precedence. */
  readonly environment: readonly string[];
  readonly type: SettingType<T>;
  readonly default: NoInfer<T>;
  /** One sentence. */
  readonly description: string;
  /** A running proxy takes over a change; the others need a new one. */
  readonly live?: boolean;
  /** Its value is never shown. */
  readonly secret?: boolean;
  /** Means nothing in an editor, or is kept elsewhere there. */
  readonly headless?: boolean;
}

/** Lets the compiler see each setting's own value type. */
function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}

const definitions = {
  host: setting({
    group: 'Server',
    jsonKey: 'host',
    flag: 'host',
    environment: ['LINGMA_PROXY_HOST'],
    type: requiredText('ADDRESS'),
    default: '127.0.0.1',
    description: 'Address to listen on; one that other computers can reach needs an API key.',
  }),
  port: setting({
    group: 'Server',
    jsonKey: 'port',
    flag: 'port',
    environment: ['LINGMA_PROXY_PORT'],
    type: integer(0, 65_535, 'PORT'),
    default: 8095,
    description: 'Port to listen on; 0 takes any free one.',
  }),
  apiKey: setting({
    group: 'Server',
    jsonKey: 'api_key',
    flag: 'api-key',
    environment: ['LINGMA_PROXY_API_KEY'],
    type: text('KEY'),
    default: '',
    description: 'Key that clients have to send; empty asks for none.',
    secret: true,
  }),
  apiKeyFile: setting({
    group: 'Server',
    jsonKey: 'api_key_file',
    flag: 'api-key-file',
    environment: ['LINGMA_PROXY_API_KEY_FILE'],
    type: path('FILE'),
    default: '',
    description: 'File that holds the key, so that it need not stand in the settings.',
    headless: true,
  }),
  apiKeys: setting({
    group: 'Server',
    jsonKey: 'api_keys',
    flag: 'api-keys',
    environment: ['LINGMA_PROXY_API_KEYS'],
    type: apiKeys(),
    default: [],
    description:
      'Further keys by name, each with limits and models of its own if you like; see docs/server.md.',
    secret: true,
  }),
  allowedOrigins: setting({
    group: 'Server',
    jsonKey: 'allowed_origins',
    flag: 'allowed-origins',
    environment: ['LINGMA_PROXY_ALLOWED_ORIGINS'],
    type: originList(),
    default: [],
    description: 'Web origins whose pages may call the proxy; none by default.',
  }),
  maxConcurrent: setting({
    group: 'Server',
    jsonKey: 'max_concurrent',
    flag: 'max-concurrent',
    environment: ['LINGMA_PROXY_MAX_CONCURRENT'],
    type: integer(1, 16),
    default: 4,
    description: 'Requests answered at the same time; others wait in order.',
    live: true,
  }),
  timeoutSeconds: setting({
    group: 'Server',
    jsonKey: 'timeout',
    flag: 'timeout',
    environment: ['LINGMA_PROXY_TIMEOUT_SECONDS'],
    type: seconds(),
    default: 0,
    description: 'Seconds that a whole answer may take; 0 sets no limit.',
  }),
  idleTimeoutSeconds: setting({
    group: 'Server',
    jsonKey: 'idle_timeout',
    flag: 'idle-timeout',
    environment: ['LINGMA_PROXY_IDLE_TIMEOUT_SECONDS'],
    type: seconds(),
    default: 300,
    description: 'Seconds that the upstream may be silent before an answer counts as lost; 0 sets no limit.',
  }),
  warmupTimeoutSeconds: setting({
    group: 'Server',
    jsonKey: 'warmup_timeout',
    flag: 'warmup-timeout',
    environment: ['LINGMA_PROXY_WARMUP_TIMEOUT_SECONDS'],
    type: seconds(),
    default: 30,
    description: 'Seconds for model discovery and warm-up, which never delay listening.',
  }),
  stopSeconds: setting({
    group: 'Server',
    jsonKey: 'stop_seconds',
    flag: 'stop-seconds',
    environment: ['LINGMA_PROXY_STOP_SECONDS'],
    type: seconds(),
    default: 8,
    description: 'Seconds that running answers get to end by themselves when the proxy stops.',
    live: true,
  }),
  drainSeconds: setting({
    group: 'Server',
    jsonKey: 'drain_seconds',
    flag: 'drain-seconds',
    environment: ['LINGMA_PROXY_DRAIN_SECONDS'],
    type: seconds(),
    default: 0,
    description:
      'Seconds between SIGTERM and the stop, in which /readyz says 503 and requests are still answered, for load balancers.',
    live: true,
    headless: true,
  }),
  metrics: setting({
    group: 'Server',
    jsonKey: 'metrics',
    flag: 'metrics',
    environment: ['LINGMA_PROXY_METRICS'],
    type: choice(['off', 'key', 'open']),
    default: 'off',
    description:
      'Figures for Prometheus at /metrics: off, for who has the API key, or open to who can reach it.',
  }),
  bodyLimitMegabytes: setting({
    group: 'Server',
    jsonKey: 'body_limit_mb',
    flag: 'body-limit-mb',
    environment: ['LINGMA_PROXY_BODY_LIMIT_MB'],
    type: megabytes(512),
    default: 64,
    description: 'Largest request body, in megabytes.',
  }),
  imageLocalNetwork: setting({
    group: 'Server',
    jsonKey: 'image_local_network',
    flag: 'image-local-network',
    environment: ['LINGMA_PROXY_IMAGE_LOCAL_NETWORK'],
    type: choice(['auto', 'always', 'never']),
    default: 'auto',
    description:
      'Whether images may come from this computer and private networks; auto allows it to its own programs while nobody else can reach the proxy.',
    live: true,
  }),
  backend: setting({
    group: 'Models',
    jsonKey: 'backend',
    flag: 'backend',
    environment: ['LINGMA_PROXY_BACKEND'],
    type: choice(['remote', 'ipc']),
    default: 'remote',
    description: 'Upstream that answers: the remote API with your login, or the running Lingma / QoderCN.',
    live: true,
  }),
  model: setting({
    group: 'Models',
    jsonKey: 'model',
    flag: 'model',
    environment: ['LINGMA_PROXY_MODEL'],
    type: requiredText('MODEL'),
    default: defaultModelKey,
    description: 'Model that answers when a client names none, or one that upstream does not have.',
    live: true,
  }),
  smallModel: setting({
    group: 'Models',
    jsonKey: 'small_model',
    flag: 'small-model',
    environment: ['LINGMA_PROXY_SMALL_MODEL'],
    type: text('MODEL'),
    default: '',
    description: "Model for the clients' small background calls; empty uses the same as for the others.",
    live: true,
  }),
  modelRules: setting({
    group: 'Models',
    jsonKey: 'model_rules',
    flag: 'model-rules',
    environment: ['LINGMA_PROXY_MODEL_RULES'],
    type: modelRules(),
    default: [],
    description:
      'Which model answers for which client model name, exact or with *; the first rule that fits counts.',
    live: true,
  }),
  remoteBaseUrl: setting({
    group: 'Remote API',
    jsonKey: 'remote_base_url',
    flag: 'remote-base-url',
    environment: ['LINGMA_REMOTE_BASE_URL'],
    type: httpUrl(),
    default: '',
    description: 'Address of the remote API; empty detects it.',
  }),
  remoteAuthFile: setting({
    group: 'Remote API',
    jsonKey: 'remote_auth_file',
    flag: 'remote-auth-file',
    environment: ['LINGMA_REMOTE_AUTH_FILE'],
    type: path('FILE'),
    default: '',
    description: "Credentials file to use; empty reads the IDE's own login.",
  }),
  remoteAuthPick: setting({
    group: 'Remote API',
    jsonKey: 'remote_auth_pick',
    flag: 'remote-auth-pick',
    environment: ['LINGMA_REMOTE_AUTH_PICK'],
    type: choice(['auto', 'newest', 'longest']),
    default: 'auto',
    description:
      'Which of several logins to use: the first found, the newest file, or the one valid the longest.',
  }),
  cacheDirectory: setting({
    group: 'Remote API',
    jsonKey: 'cache_dir',
    flag: 'cache-dir',
    environment: ['LINGMA_CACHE_DIR'],
    type: path('FOLDER'),
    default: '',
    description: 'Folder of Lingma / QoderCN that holds the login; empty looks in the usual places.',
  }),
  remoteProxyUrl: setting({
    group: 'Remote API',
    jsonKey: 'remote_proxy_url',
    flag: 'remote-proxy-url',
    environment: ['LINGMA_REMOTE_PROXY_URL'],
    type: httpUrl(),
    default: '',
    description: "HTTP proxy on the way to the remote API; empty uses the environment's.",
  }),
  remoteVersion: setting({
    group: 'Remote API',
    jsonKey: 'remote_version',
    flag: 'remote-version',
    environment: ['LINGMA_REMOTE_VERSION'],
    type: text('VERSION'),
    default: '',
    description: "Client version told to the remote API; empty uses the profile's.",
  }),
  remoteProfile: setting({
    group: 'Remote API',
    jsonKey: 'remote_profile',
    flag: 'remote-profile',
    environment: ['LINGMA_REMOTE_PROFILE'],
    type: choice(['plugin', 'ide']),
    default: 'plugin',
    description: 'Whose requests to send: those of the JetBrains plugin, or those of the IDE.',
  }),
  remoteEncodeBody: setting({
    group: 'Remote API',
    jsonKey: 'remote_encode_body',
    flag: 'remote-encode-body',
    environment: ['LINGMA_REMOTE_ENCODE_BODY'],
    type: boolean(),
    default: false,
    description: 'Encode request bodies as newer runtimes do; the ide profile always does.',
  }),
  remoteFallbackEnabled: setting({
    group: 'Remote API',
    jsonKey: 'remote_fallback_enabled',
    flag: 'remote-fallback',
    environment: ['LINGMA_REMOTE_FALLBACK_ENABLED'],
    type: boolean(),
    default: true,
    description: 'Let another model answer when one is overloaded or fails before its answer began.',
    live: true,
  }),
  remoteFallbackModels: setting({
    group: 'Remote API',
    jsonKey: 'remote_fallback_models',
    flag: 'remote-fallback-models',
    environment: ['LINGMA_REMOTE_FALLBACK_MODELS'],
    type: textList('MODEL,...'),
    default: [
      'kmodel',
      'mmodel',
      'dashscope_qwen3_coder',
      'dashscope_qmodel',
      'dashscope_qwen_max_latest',
      'dashscope_qwen_plus_20250428_thinking',
    ],
    description: 'Models that may step in, in this order; those that upstream does not list are passed over.',
    live: true,
  }),
  remoteImageUpload: setting({
    group: 'Remote API',
    jsonKey: 'remote_image_upload',
    flag: 'remote-image-upload',
    environment: ['LINGMA_REMOTE_IMAGE_UPLOAD'],
    type: boolean(),
    default: false,
    description:
      'Upload images to the remote API for models that read them, before the local runtime is asked.',
    live: true,
  }),
  transport: setting({
    group: 'Local runtime',
    jsonKey: 'transport',
    flag: 'transport',
    environment: ['LINGMA_PROXY_TRANSPORT'],
    type: choice(['auto', 'websocket', 'pipe']),
    default: 'auto',
    description: 'How to reach the running Lingma / QoderCN; pipe is a Unix socket or a named pipe.',
  }),
  websocketUrl: setting({
    group: 'Local runtime',
    jsonKey: 'websocket_url',
    flag: 'ws-url',
    environment: ['LINGMA_PROXY_WS_URL'],
    type: websocketUrl(),
    default: '',
    description: "The runtime's WebSocket; empty finds it.",
  }),
  pipe: setting({
    group: 'Local runtime',
    jsonKey: 'pipe',
    flag: 'pipe',
    environment: ['LINGMA_IPC_PIPE', 'LINGMA_IPC_SOCKET'],
    type: text('PATH'),
    default: '',
    description: "The runtime's Unix socket or Windows named pipe; empty finds it.",
  }),
  sharedClientInfo: setting({
    group: 'Local runtime',
    jsonKey: 'shared_client_info',
    flag: 'shared-client-info',
    environment: ['LINGMA_SHARED_CLIENT_INFO'],
    type: path('FILE'),
    default: '',
    description: "The runtime's .info.json or .info file, or its folder; empty looks in the usual places.",
  }),
  mode: setting({
    group: 'Local runtime',
    jsonKey: 'mode',
    flag: 'mode',
    environment: ['LINGMA_PROXY_MODE'],
    type: requiredText('MODE'),
    default: 'agent',
    description: 'Mode that the runtime is asked for.',
  }),
  shellType: setting({
    group: 'Local runtime',
    jsonKey: 'shell_type',
    flag: 'shell-type',
    environment: ['LINGMA_PROXY_SHELL_TYPE'],
    type: text('SHELL'),
    default: '',
    description: 'Shell that the runtime is told about; empty is zsh, on Windows powershell.',
  }),
  sessionMode: setting({
    group: 'Local runtime',
    jsonKey: 'session_mode',
    flag: 'session-mode',
    environment: ['LINGMA_PROXY_SESSION_MODE'],
    type: choice(['auto', 'fresh', 'reuse']),
    default: 'auto',
    description: 'A session for each request (fresh, auto), or one that is kept (reuse).',
  }),
  prepareSessions: setting({
    group: 'Local runtime',
    jsonKey: 'prepare_sessions',
    flag: 'prepare-sessions',
    environment: ['LINGMA_PROXY_PREPARE_SESSIONS'],
    type: boolean(),
    default: true,
    description: 'Keep idle sessions ready, so that requests need not wait for them.',
  }),
  cwd: setting({
    group: 'Local runtime',
    jsonKey: 'cwd',
    flag: 'cwd',
    environment: ['LINGMA_PROXY_CWD'],
    type: path('FOLDER'),
    default: '',
    description: 'Working directory that the runtime is told about; empty is the current one.',
  }),
  currentFilePath: setting({
    group: 'Local runtime',
    jsonKey: 'current_file_path',
    flag: 'current-file-path',
    environment: ['LINGMA_PROXY_CURRENT_FILE_PATH'],
    type: path('FILE'),
    default: '',
    description: 'Open file that the runtime is told about.',
  }),
  aggregateToolStream: setting({
    group: 'Local runtime',
    jsonKey: 'aggregate_tool_stream',
    flag: 'aggregate-tool-stream',
    environment: ['LINGMA_AGGREGATE_TOOL_STREAM'],
    type: boolean(),
    default: false,
    description: 'Wait for the whole answer of a request with tools before any of it is sent.',
  }),
  logLevel: setting({
    group: 'Records',
    jsonKey: 'log_level',
    flag: 'log-level',
    environment: ['LINGMA_PROXY_LOG_LEVEL'],
    type: choice(['debug', 'info', 'warn', 'error']),
    default: 'info',
    description: 'Least important messages that are logged.',
    live: true,
  }),
  logFormat: setting({
    group: 'Records',
    jsonKey: 'log_format',
    flag: 'log-format',
    environment: ['LINGMA_PROXY_LOG_FORMAT'],
    type: choice(['text', 'json']),
    default: 'text',
    description: 'How the command line writes its log: for people, or one JSON object a line.',
    headless: true,
  }),
  recordLimitMegabytes: setting({
    group: 'Records',
    jsonKey: 'record_limit_mb',
    flag: 'record-limit-mb',
    environment: ['LINGMA_PROXY_RECORD_LIMIT_MB'],
    type: megabytes(1_024),
    default: 64,
    description: 'Memory for the records of past requests, in megabytes; the oldest go first.',
  }),
  recordBodyLimitMegabytes: setting({
    group: 'Records',
    jsonKey: 'record_body_limit_mb',
    flag: 'record-body-limit-mb',
    environment: ['LINGMA_PROXY_RECORD_BODY_LIMIT_MB'],
    type: megabytes(64),
    default: 1,
    description: 'How much of each body a record keeps, in megabytes.',
  }),
  recordBodies: setting({
    group: 'Records',
    jsonKey: 'record_bodies',
    flag: 'record-bodies',
    environment: ['LINGMA_PROXY_RECORD_BODIES'],
    type: boolean(),
    default: true,
    description:
      'Keep what requests and answers say in their records; without it, only sizes, times and notes.',
    live: true,
  }),
  recordPersist: setting({
    group: 'Records',
    jsonKey: 'record_persist',
    flag: 'record-persist',
    environment: ['LINGMA_PROXY_RECORD_PERSIST'],
    type: boolean(),
    default: true,
    description:
      'In VS Code: keep the records in files, so that they are there after a reload of the window.',
    live: true,
  }),
  responseStoreLimitMegabytes: setting({
    group: 'Records',
    jsonKey: 'response_store_limit_mb',
    flag: 'response-store-limit-mb',
    environment: ['LINGMA_PROXY_RESPONSE_STORE_LIMIT_MB'],
    type: megabytes(1_024),
    default: 64,
    description: 'Memory for responses that a later request may name as its previous one, in megabytes.',
  }),
};

/** All settings, resolved. Times are in seconds, sizes in megabytes (1,000,000 bytes); '' means not set. */
export type Settings = {
  readonly [Name in keyof typeof definitions]: (typeof definitions)[Name] extends Setting<infer T>
    ? T
    : never;
};

export type SettingName = keyof Settings;

/** Every setting there is, in the order in which people are shown them. */
export const settingTable: { readonly [Name in SettingName]: Setting<Settings[Name]> } = definitions;

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingTable, name);
}

export const settingNames: readonly SettingName[] = Object.keys(settingTable).filter(isSettingName);
