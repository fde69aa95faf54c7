import type { Computer } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { EditedFile, FileConnector } from '../connector.ts';
import { editorSettings, editorsWith } from '../editors.ts';
import { claudeCodeRivals, claudeCodeVariables } from './claude-code-variables.ts';
import { noProxyNotes, text } from './values.ts';

const variables = 'claudeCode.environmentVariables';
const extension = 'anthropic.claude-code';

/** Claude Code's extension, in the user settings of every editor that has it: it can start Claude Code without the shell's variables. */
export const claudeCodeExtension: FileConnector = {
  kind: 'files',
  id: 'claude-code-vscode',
  name: 'Claude Code in VS Code',
  traces: { extension },

  async files(computer) {
    const [first, ...more] = await editorsWith(computer, extension);
    return [settingsFile(computer, first ?? 'Code'), ...more.map((editor) => settingsFile(computer, editor))];
  },

  notes: async (computer, endpoint) => noProxyNotes(computer, endpoint),
};

function settingsFile(computer: Computer, editor: string): EditedFile {
  return {
    path: editorSettings(computer, editor),
    format: 'json',
    changes(_data, endpoint): readonly Change[] {
      const wanted = Object.entries(claudeCodeVariables(endpoint));
      return [
        ...claudeCodeRivals.map((name) => ({ at: [variables], item: { name } })),
        ...wanted
          .toReversed()
          .map(([name, value]) => ({ at: [variables], item: { name }, value: { name, value } })),
        // Else it wants a sign-in before its first question.
        { at: ['claudeCode.disableLoginPrompt'], value: true },
      ];
    },
    addressOf(data) {
      const list = valueAt(data, [variables]);
      const entry: unknown = Array.isArray(list)
        ? list.find((each) => text(valueAt(each, ['name'])) === 'ANTHROPIC_BASE_URL')
        : undefined;
      return text(valueAt(entry, ['value']));
    },
  };
}
