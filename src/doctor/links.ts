/** What has to hold, one after the other, for an answer to come; which of them there are depends on the backend. */
export const chains = {
  remote: ['settings', 'port', 'login', 'base-url', 'models', 'text', 'tools', 'images'],
  ipc: ['settings', 'port', 'runtime', 'models', 'text', 'tools', 'images'],
} as const;

export type LinkName = (typeof chains)['remote' | 'ipc'][number];
