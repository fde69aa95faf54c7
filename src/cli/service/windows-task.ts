import { win32 } from 'node:path';
import { phrase } from '../../core/localizer.ts';
import {
  definitionMark,
  escapeXml,
  type ServiceOwner,
  type ServicePlan,
  type ServiceTarget,
} from './service-plan.ts';

const task = 'Lingma Proxy';

/**
 * A scheduled task that starts when the user signs in. Not a Windows service: those have to speak the service manager's own protocol,
 * which Node does not, need an administrator, and run as somebody who does not have the user's login.
 */
export function windowsTask(target: ServiceTarget, { home }: ServiceOwner): ServicePlan {
  const { node, script, flags, folder } = target;
  const file = win32.join(home, 'AppData', 'Local', 'lingma-proxy', 'task.xml');
  return {
    kind: 'scheduled task',
    file,
    encoding: 'utf16le',
    content: `\uFEFF<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Lingma Proxy. ${escapeXml(definitionMark)}</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${escapeXml(node)}</Command>
      <Arguments>${escapeXml([script, ...flags].map(quote).join(' '))}</Arguments>
      <WorkingDirectory>${escapeXml(folder)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`,
    install: [
      ['schtasks', '/Create', '/TN', task, '/XML', file, '/F'],
      ['schtasks', '/Run', '/TN', task],
    ],
    uninstall: [
      ['schtasks', '/End', '/TN', task],
      ['schtasks', '/Delete', '/TN', task, '/F'],
    ],
    afterwards: [],
    status: ['schtasks', '/Query', '/TN', task, '/V', '/FO', 'LIST'],
    hints: [phrase('It shows a console window, which may be minimised; closing it stops the proxy.')],
  };
}

/** One argument as Windows programs take their command line apart: backslashes count only before a quote. */
function quote(argument: string): string {
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
}
