import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Claude Code is given where only this computer can be reached, nor need anything else be. */
export const claudeCodeEnvironment = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
};

/** Puts a folder of programs into the path of a home's terminals: a login shell sets a path of its own. */
export function addToTerminals(home: string, bin: string): void {
  for (const name of ['.bashrc', '.profile']) {
    writeFileSync(join(home, name), `PATH="${bin}:$PATH"\n`);
  }
}

/** Makes a home that of somebody whom Claude Code does not welcome any more, and who has said of the folder that it may be read. */
export function knowClaudeCode(home: string, folder: string): void {
  const known = { hasCompletedOnboarding: true, projects: { [folder]: { hasTrustDialogAccepted: true } } };
  writeFileSync(join(home, '.claude.json'), JSON.stringify(known));
}
