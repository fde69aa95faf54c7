import { commands, env, Uri, ViewColumn, window, workspace } from 'vscode';
import type { Session } from '../session.ts';
import type { PanelCallHandlers } from './panel-session.ts';
import { withModelRule } from './with-model-rule.ts';

/** What the inspector's page may have VS Code do. */
export function panelCalls({ settings }: Session): PanelCallHandlers {
  return {
    async copy({ text }) {
      await env.clipboard.writeText(text);
      return {};
    },
    async save({ name, text }) {
      const folder = workspace.workspaceFolders?.[0]?.uri;
      const defaultUri = folder ? Uri.joinPath(folder, name) : Uri.file(name);
      const chosen = await window.showSaveDialog({ defaultUri });
      if (!chosen) return { saved: false };
      await workspace.fs.writeFile(chosen, new TextEncoder().encode(text));
      return { saved: true };
    },
    async openText({ language, text }) {
      const document = await workspace.openTextDocument({ language, content: text });
      await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: true });
      return {};
    },
    async setDefaultModel({ model }) {
      await settings.set('model', model);
      return {};
    },
    async mapModel({ name, model }) {
      const { modelRules } = (await settings.load()).settings;
      await settings.set('modelRules', withModelRule(modelRules, name, model));
      return {};
    },
    async command({ name }) {
      await commands.executeCommand(`lingmaProxy.${name}`);
      return {};
    },
  };
}
