import type { Computer } from '../computer.ts';
import { folderOf, hasSystemProxy, noProxyWith, pathsOf, variable } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { FileConnector } from '../connector.ts';
import { claudeCodeRivals, claudeCodeVariables } from './claude-code-variables.ts';
import { text } from './values.ts';

/** Claude Code: the `env` of its user settings, which its VS Code extension reads too. */
export const claudeCode: FileConnector = {
  kind: 'files',
  id: 'claude-code',
  name: 'Claude Code',
  traces: { programs: ['claude'] },

  async files(computer) {
    const path = pathsOf(computer).join(folderOf(computer, 'CLAUDE_CONFIG_DIR', '.claude'), 'settings.json');
    return [
      {
        path,
        format: 'json',
        // Seen with 2.1.330: "Invalid or malformed JSON", and then "Not logged in".
        isPlainJson: true,
        changes(data, endpoint): readonly Change[] {
          const noProxy = text(valueAt(data, ['env', 'NO_PROXY'])) ?? inheritedNoProxy(computer);
          const variables = {
            ...claudeCodeVariables(endpoint),
            ...(hasSystemProxy(computer)
              ? { NO_PROXY: noProxyWith(new URL(endpoint.url).hostname, noProxy) }
              : {}),
          };
          return [
            ...claudeCodeRivals.map((name) => ({ at: ['env', name] })),
            ...Object.entries(variables).map(([name, value]) => ({ at: ['env', name], value })),
          ];
        },
        addressOf: (data) => text(valueAt(data, ['env', 'ANTHROPIC_BASE_URL'])),
      },
    ];
  },

  async notes(computer) {
    return claudeCodeRivals
      .filter((name) => variable(computer, name) !== undefined)
      .map((name) => ({ kind: 'unset-variable', name }) as const);
  },
};

function inheritedNoProxy(computer: Computer): string {
  return variable(computer, 'NO_PROXY') ?? variable(computer, 'no_proxy') ?? '';
}
