/** Something that the user has to know about a connection, or do for it. */
export type Note =
  /** Where the values come from when it is not the running proxy. */
  | { readonly kind: 'not-running'; readonly url: string }
  | { readonly kind: 'other-program'; readonly url: string }
  | { readonly kind: 'refused-key'; readonly url: string }
  /** The proxy answers but has no model list just now. */
  | { readonly kind: 'no-models'; readonly url: string }
  | { readonly kind: 'not-installed'; readonly client: string }
  | { readonly kind: 'unknown-model'; readonly model: string }
  /** An environment variable wins over what is written. */
  | { readonly kind: 'unset-variable'; readonly name: string }
  /** A system proxy is set, and the client's files cannot say what goes past it. */
  | { readonly kind: 'set-no-proxy'; readonly value: string }
  /** A file that the client reads now and will not read any more. */
  | { readonly kind: 'hides-file'; readonly path: string }
  | { readonly kind: 'choose-model'; readonly how: string }
  /** Values that were not taken away as they are no longer what was written. */
  | { readonly kind: 'kept'; readonly path: string; readonly keys: readonly string[] }
  | { readonly kind: 'restart'; readonly client: string };

/** A note in English. */
export function describeNote(note: Note): string {
  switch (note.kind) {
    case 'not-running':
      return `No Lingma Proxy answers at ${note.url}: address and models come from the settings and the known models. Start it before you use the client, and connect again if your account has other models.`;
    case 'other-program':
      return `Another program answers at ${note.url}: address and models come from the settings and the known models. Stop it, or choose another --port.`;
    case 'refused-key':
      return `The proxy at ${note.url} asks for another API key than the one in these settings: the client would be refused. Set --api-key to the proxy's.`;
    case 'no-models':
      return `The proxy at ${note.url} has no model list just now, so the known models are written. Connect again once it is ready.`;
    case 'not-installed':
      return `${note.client} was not found on this computer. It is connected all the same, for when it is there.`;
    case 'unknown-model':
      return `The proxy does not list a model "${note.model}": its default model will answer. \`curl …/v1/models\` shows those that there are.`;
    case 'unset-variable':
      return `The environment variable ${note.name} is set and may win over what is written. Unset it where you start the client.`;
    case 'set-no-proxy':
      return `A system proxy is set. Start the client with NO_PROXY=${note.value}, or its requests may not arrive.`;
    case 'hides-file':
      return `The client reads ${note.path} only as long as the new file is not there.`;
    case 'choose-model':
      return `Choose the model in the client: ${note.how}.`;
    case 'kept':
      return `Kept in ${note.path} as you have changed it since: ${note.keys.join(', ')}.`;
    case 'restart':
      return `Restart ${note.client} if it runs.`;
    default:
      return note satisfies never;
  }
}
