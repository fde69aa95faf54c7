import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inWords, type Localizer } from '../../core/localizer.ts';
import { type Command, definitionMark, type ServicePlan } from './service-plan.ts';

/** Writes the definition and starts the service. Resolves to the exit code. */
export function installService(plan: ServicePlan, l10n: Localizer): number {
  const before = read(plan);
  if (before !== undefined && !before.includes(definitionMark)) {
    console.error(
      l10n.t('{0} is there already and was not made by this program. Remove or rename it first.', plan.file),
    );
    return 1;
  }
  // One that runs with the former definition would keep the port.
  if (before !== undefined) for (const command of plan.uninstall) execute(command, l10n);
  mkdirSync(dirname(plan.file), { recursive: true });
  writeFileSync(plan.file, plan.content, { encoding: plan.encoding, mode: 0o600 });
  console.log(l10n.t('wrote {0}', plan.file));
  for (const command of plan.install) {
    const { code, output } = execute(command, l10n);
    if (code === 0) continue;
    console.error(`${l10n.t('"{0}" failed with {1}.', show(command), code)} ${output}`.trim());
    console.error(l10n.t('The definition stays; run the command again once the cause is gone.'));
    return 1;
  }
  console.log(l10n.t('installed as a {0}, and started', plan.kind));
  for (const hint of plan.hints) console.log(inWords(hint, l10n));
  return 0;
}

/** Stops the service and removes its definition. Resolves to the exit code. */
export function uninstallService(plan: ServicePlan, l10n: Localizer): number {
  const before = read(plan);
  if (before === undefined) {
    console.log(l10n.t('nothing to remove: {0} does not exist', plan.file));
    return 0;
  }
  if (!before.includes(definitionMark)) {
    console.error(l10n.t('{0} was not made by this program, and was left alone.', plan.file));
    return 1;
  }
  for (const command of plan.uninstall) execute(command, l10n);
  rmSync(plan.file);
  for (const command of plan.afterwards) execute(command, l10n);
  console.log(l10n.t('stopped, and removed {0}', plan.file));
  return 0;
}

/** Says what the service manager knows. Resolves to 0 when the service runs, else to 1. */
export function showStatus(plan: ServicePlan, l10n: Localizer): number {
  if (read(plan) === undefined) {
    console.log(
      l10n.t('not installed: {0} does not exist. Install it with: lingma-proxy service install', plan.file),
    );
    return 1;
  }
  const { code, output } = execute(plan.status, l10n);
  console.log(output);
  return code === 0 ? 0 : 1;
}

/** Says what would be done, and does nothing. */
export function describePlan(
  plan: ServicePlan,
  action: 'install' | 'uninstall' | 'status',
  l10n: Localizer,
): void {
  const wouldRun = (command: Command) => console.log(l10n.t('would run: {0}', show(command)));
  switch (action) {
    case 'install':
      console.log(`${l10n.t('would write {0}:', plan.file)}\n\n${plan.content.replace(/^\uFEFF/, '')}`);
      for (const command of plan.install) wouldRun(command);
      return;
    case 'uninstall':
      for (const command of plan.uninstall) wouldRun(command);
      console.log(l10n.t('would remove {0}', plan.file));
      for (const command of plan.afterwards) wouldRun(command);
      return;
    case 'status':
      wouldRun(plan.status);
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

function execute(
  [program, ...args]: Command,
  l10n: Localizer,
): { readonly code: number; readonly output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', windowsHide: true });
  if (error) return { code: 127, output: l10n.t('{0} cannot be run: {1}', program, error.message) };
  return { code: status ?? 1, output: `${stdout}${stderr}`.trim() };
}

function show(command: Command): string {
  return command.map((part) => (/[^\w@%+=:,./\\-]/.test(part) ? `"${part}"` : part)).join(' ');
}
