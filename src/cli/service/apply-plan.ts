import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, definitionMark, type ServicePlan } from './service-plan.ts';

/** Writes the definition and starts the service. Resolves to the exit code. */
export function installService(plan: ServicePlan): number {
  const before = read(plan);
  if (before !== undefined && !before.includes(definitionMark)) {
    console.error(`${plan.file} is there already and is not this program's. Remove or rename it first.`);
    return 1;
  }
  // One that runs with the former definition would keep the port.
  if (before !== undefined) for (const command of plan.uninstall) execute(command);
  mkdirSync(dirname(plan.file), { recursive: true });
  writeFileSync(plan.file, plan.content, { encoding: plan.encoding, mode: 0o600 });
  console.log(`wrote ${plan.file}`);
  for (const command of plan.install) {
    const { code, output } = execute(command);
    if (code === 0) continue;
    console.error(`"${show(command)}" failed with ${code}. ${output}`.trim());
    console.error('The definition stays; run the command again once the cause is gone.');
    return 1;
  }
  console.log(`installed as a ${plan.kind}, and started`);
  for (const hint of plan.hints) console.log(hint);
  return 0;
}

/** Stops the service and removes its definition. Resolves to the exit code. */
export function uninstallService(plan: ServicePlan): number {
  const before = read(plan);
  if (before === undefined) {
    console.log(`nothing to remove: ${plan.file} does not exist`);
    return 0;
  }
  if (!before.includes(definitionMark)) {
    console.error(`${plan.file} is not this program's, and was left alone.`);
    return 1;
  }
  for (const command of plan.uninstall) execute(command);
  rmSync(plan.file);
  for (const command of plan.afterwards) execute(command);
  console.log(`stopped, and removed ${plan.file}`);
  return 0;
}

/** Says what the service manager knows. Resolves to 0 when the service runs, else to 1. */
export function showStatus(plan: ServicePlan): number {
  if (read(plan) === undefined) {
    console.log(`not installed: ${plan.file} does not exist. Install it with: lingma-proxy service install`);
    return 1;
  }
  const { code, output } = execute(plan.status);
  console.log(output);
  return code === 0 ? 0 : 1;
}

/** Says what would be done, and does nothing. */
export function describePlan(plan: ServicePlan, action: 'install' | 'uninstall' | 'status'): void {
  switch (action) {
    case 'install':
      console.log(`would write ${plan.file}:\n\n${plan.content.replace(/^\uFEFF/, '')}`);
      for (const command of plan.install) console.log(`would run: ${show(command)}`);
      return;
    case 'uninstall':
      for (const command of plan.uninstall) console.log(`would run: ${show(command)}`);
      console.log(`would remove ${plan.file}`);
      for (const command of plan.afterwards) console.log(`would run: ${show(command)}`);
      return;
    case 'status':
      console.log(`would run: ${show(plan.status)}`);
      return;
    default:
      action satisfies never;
  }
}

function read({ file, encoding }: ServicePlan): string | undefined {
  try {
    return readFileSync(file, encoding);
  } catch {
    return undefined;
  }
}

function execute([program, ...args]: Command): { readonly code: number; readonly output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', windowsHide: true });
  if (error) return { code: 127, output: `${program} cannot be run: ${error.message}` };
  return { code: status ?? 1, output: `${stdout}${stderr}`.trim() };
}

function show(command: Command): string {
  return command.map((part) => (/[^\w@%+=:,./\\-]/.test(part) ? `"${part}"` : part)).join(' ');
}
