import type { ZodType } from 'zod';
import { ProxyError } from './errors.ts';

/**
 * A foreign value as `schema` describes it. Throws `invalid-request` that names the first field at fault, written as in
 * `messages[2].content`, below `at` when the value is itself part of something.
 */
export function parseWith<T>(schema: ZodType<T>, value: unknown, at = ''): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = formatPath(at, issue?.path ?? []);
  const problem = issue?.message ?? 'not valid';
  throw new ProxyError(
    'invalid-request',
    param === '' ? `Invalid request: ${problem}` : `Invalid value for ${param}: ${problem}`,
    {
      ...(param === '' ? {} : { param }),
    },
  );
}

function formatPath(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, at);
}
