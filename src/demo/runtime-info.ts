import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whose runtime is simulated. */
export type Flavour = 'lingma' | 'qoder';

/** Where below the home a runtime keeps its files: a SharedClientCache directory that the product must find by itself. */
export function sharedClientCache(home: string, flavour: Flavour, partial: boolean): string {
  if (partial) return join(home, '.lingma', 'vscode', 'sharedClientCache');
  return join(home, flavour === 'qoder' ? '.qodercn' : '.lingma', 'SharedClientCache');
}

/** The folder that holds `cache/user`. */
export function loginRoot(home: string, flavour: Flavour): string {
  return join(home, flavour === 'qoder' ? '.qodercn' : '.lingma');
}

/** What a runtime says about itself to those who look for it. */
export interface RuntimeInfo {
  readonly websocketPort: number;
  readonly pid: number;
  /** Unix socket or named pipe. */
  readonly ipcServerPath: string;
}

/** Which forms of the info file are written: today's JSON, the older text, or both. */
export type InfoForm = 'json' | 'legacy' | 'both';

/** Writes the info file(s) into `folder`; the other form is removed, so that only one truth is left. */
export function writeRuntimeInfo(folder: string, info: RuntimeInfo, form: InfoForm): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const json = join(folder, '.info.json');
  const legacy = join(folder, '.info');
  if (form === 'legacy') rmSync(json, { force: true });
  else writeFileSync(json, JSON.stringify(info));
  if (form === 'json') rmSync(legacy, { force: true });
  else writeFileSync(legacy, `${info.websocketPort}\n${info.pid}\n${info.ipcServerPath}\n`);
}
