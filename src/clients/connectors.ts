import type { Connector } from './connector.ts';
import { claudeCode } from './connectors/claude-code.ts';
import { claudeCodeExtension } from './connectors/claude-code-extension.ts';
import { cline } from './connectors/cline.ts';
import { codeBuddy } from './connectors/codebuddy.ts';
import { codex } from './connectors/codex.ts';
import { continueDev } from './connectors/continue.ts';
import { hermes } from './connectors/hermes.ts';
import { instructionConnectors } from './connectors/instructions.ts';
import { openClaw } from './connectors/openclaw.ts';
import { openCode } from './connectors/opencode.ts';
import { qwenCode } from './connectors/qwen-code.ts';

/** Every client that can be connected, in the order in which people are shown them. */
export const connectors: readonly Connector[] = [
  claudeCode,
  claudeCodeExtension,
  codex,
  openCode,
  qwenCode,
  cline,
  continueDev,
  codeBuddy,
  hermes,
  openClaw,
  ...instructionConnectors,
];

export function findConnector(id: string): Connector | undefined {
  return connectors.find((connector) => connector.id === id);
}
