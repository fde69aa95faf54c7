import type { Note } from '../../clients/notes.ts';
import type { Localizer } from '../../core/localizer.ts';

/** A note about a connection in the language of the editor, with the editor's own ways to do what it asks for. */
export function noteText(note: Note, l10n: Localizer): string {
  switch (note.kind) {
    case 'not-running':
      return l10n.t(
        'No proxy answers at {0}: address and models come from the settings and the known models. Start it before you use the client.',
        note.url,
      );
    case 'other-program':
      return l10n.t(
        'Another program answers at {0}. Stop it, or choose another port in the settings and connect again.',
        note.url,
      );
    case 'refused-key':
      return l10n.t(
        'The proxy at {0} asks for another API key than the one set here. Set the same one, and connect again.',
        note.url,
      );
    case 'no-models':
      return l10n.t(
        'The proxy at {0} has no model list just now, so the known models are written. Connect again once it is ready.',
        note.url,
      );
    case 'not-installed':
      return l10n.t('{0} was not found on this computer: it is connected for when it is there.', note.client);
    case 'unknown-model':
      return l10n.t('The proxy does not list the model {0}: its default model will answer.', note.model);
    case 'unset-variable':
      return l10n.t(
        'The environment variable {0} may win over what is written. Unset it where you start the client.',
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
      return l10n.t('Left in {0}, as you have changed it since: {1}.', note.path, note.keys.join(', '));
    case 'restart':
      return l10n.t('Restart {0} if it runs.', note.client);
    default:
      return note satisfies never;
  }
}
