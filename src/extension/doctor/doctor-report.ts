import { CodeLens, commands, Disposable, EventEmitter, languages, type TextDocument, type Uri } from 'vscode';
import type { Localizer } from '../../core/localizer.ts';
import type { NextAction } from '../../doctor/findings.ts';
import type { ShownTexts } from '../shown-texts.ts';
import type { PageStep, PageText } from './doctor-page.ts';

/** Not in the command table: only the report's own buttons run it. */
const stepCommand = 'lingmaProxy.takeDoctorStep';
const path = 'Lingma Proxy Doctor.md';

/** The doctor's report in an editor: a text that can be read, searched and copied, with a button above each thing to do. */
export class DoctorReport {
  readonly #texts: ShownTexts;
  readonly #changed = new EventEmitter<void>();
  #shown: Uri | undefined;
  #steps: readonly PageStep[] = [];

  constructor(texts: ShownTexts) {
    this.#texts = texts;
  }

  /** Lets its buttons do what they say. */
  register(l10n: Localizer, take: (next: NextAction) => unknown): Disposable {
    const lenses = {
      onDidChangeCodeLenses: this.#changed.event,
      provideCodeLenses: (document: TextDocument) =>
        document.uri.toString() !== this.#shown?.toString()
          ? []
          : this.#steps.map(({ line, next }) => {
              const command = { title: stepTitle(next, l10n), command: stepCommand, arguments: [next] };
              return new CodeLens(document.lineAt(line).range, command);
            }),
    };
    return Disposable.from(
      languages.registerCodeLensProvider({ language: 'markdown', scheme: 'lingma-proxy' }, lenses),
      commands.registerCommand(stepCommand, take),
      this.#changed,
    );
  }

  /** Takes the text; an editor that shows the report follows. */
  show({ text, steps }: PageText): Uri {
    this.#steps = steps;
    this.#shown = this.#texts.put(path, text);
    this.#changed.fire();
    return this.#shown;
  }
}

function stepTitle(next: NextAction, l10n: Localizer): string {
  switch (next.action) {
    case 'open-settings':
      return `$(settings-gear) ${l10n.t('Open Settings')}`;
    case 'set-port':
      return `$(debug-restart) ${l10n.t('Use Port {0}', next.args.port)}`;
    case 'switch-backend':
      return `$(arrow-swap) ${l10n.t('Switch Backend')}`;
    case 'start':
      return `$(play) ${l10n.t('Start')}`;
    case 'restart':
      return `$(debug-restart) ${l10n.t('Restart')}`;
    case 'retry':
      return `$(refresh) ${l10n.t('Run Doctor Again')}`;
    case 'show-log':
      return `$(output) ${l10n.t('Show Log')}`;
    // These are done in Lingma, and have no button.
    case 'install-runtime':
    case 'sign-in':
    case 'none':
      return '';
    default:
      return next satisfies never;
  }
}
