import { inspect } from 'node:util';
import { printable } from '../core/printable.ts';
import type { Redactor } from '../recording/redaction.ts';

/** Everything that an error says, its causes and fields too, without what is secret. */
export function crashText(error: unknown, redactor: Redactor): string {
  const text = inspect(error, { depth: 4, breakLength: 120, maxStringLength: 4_000 });
  return printable(redactor.text(text)).replaceAll('\n    ', '\n');
}

/** Ends the process with 1 on a defect of its own, once `tell` has been told. Node's own report would show whatever the error holds. */
export function endOnCrash(redactor: Redactor, tell: (text: string) => void): void {
  process.on('uncaughtException', (error) => {
    tell(`Lingma Proxy failed and has ended. Please report this:\n${crashText(error, redactor)}`);
    process.exit(1);
  });
}
