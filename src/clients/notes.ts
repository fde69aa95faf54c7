import type { Localizer } from '../core/localizer.ts';

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
  /** The client loads nothing of a file of its own, as it holds more than plain JSON. */
  | { readonly kind: 'not-plain-json'; readonly client: string; readonly path: string }
  | { readonly kind: 'choose-model'; readonly how: string }
  /** Values that were not taken away as they are no longer what was written. */
  | { readonly kind: 'kept'; readonly path: string; readonly keys: readonly string[] }
  | { readonly kind: 'restart'; readonly client: string };

/** A note for the command line, which tells flags. */
export function describeNote(note: Note, l10n: Localizer): string {
  switch (note.kind) {
    case 'not-running':
      return l10n.t(
        'No Lingma Proxy answers at {0}: address and models come from the settings and the known models. Start it before you use the client, and connect again if your account has other models.',
        note.url,
      );
    case 'other-program':
      return l10n.t(
        'Another program answers at {0}: address and models come from the settings and the known models. Stop it, or choose another --port.',
        note.url,
      );
    case 'refused-key':
      return l10n.t(
        'The proxy at {0} asks for another API key than the one in these settings: the client would be refused. Set --api-key to that of the proxy.',
        note.url,
      );
    case 'no-models':
      return l10n.t(
        'The proxy at {0} has no model list just now, so the known models are written. Connect again once it is ready.',
        note.url,
      );
    case 'not-installed':
      return l10n.t(
        '{0} was not found on this computer. It is connected all the same, for when it is there.',
        note.client,
      );
    case 'unknown-model':
      return l10n.t(
        'The proxy does not list a model "{0}": its default model will answer. `curl …/v1/models` shows those that there are.',
        note.model,
      );
    case 'unset-variable':
      return l10n.t(
        'The environment variable {0} is set and may win over what is written. Unset it where you start the client.',
        note.name,
      );
    case 'set-no-proxy':
      return l10n.t(
        'A system proxy is set. Start the client with NO_PROXY={0}, or its requests may not arrive.',
        note.value,
      );
    case 'hides-file':
      return l10n.t('The client reads {0} only as long as the new file is not there.', note.path);
    case 'not-plain-json':
      return l10n.t(
        '{0} loads nothing of {1} as long as there are comments or trailing commas in it, and so will not come here. Take them out.',
        note.client,
        note.path,
      );
    case 'choose-model':
      return l10n.t('Choose the model in the client: {0}.', note.how);
    case 'kept':
      return l10n.t('Kept in {0} as you have changed it since: {1}.', note.path, note.keys.join(', '));
    case 'restart':
      return l10n.t('Restart {0} if it runs.', note.client);
    default:
      return note satisfies never;
  }
}
