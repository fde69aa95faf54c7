/** What has to be said, where nobody can miss it, of a file that holds a login. */
export function secretWarning(file: string, expiresAt: number | undefined): readonly string[] {
  const until = expiresAt === undefined ? '' : ` until ${showDay(expiresAt)}`;
  return [
    `THIS FILE IS A PASSWORD: ${file}`,
    `Whoever has it can use your Lingma account in your name${until}.`,
    'It is readable to you alone. Move it over an encrypted connection only, never commit it, never put it',
    'into an image, an e-mail or a ticket, and delete it here once it is where it belongs.',
    'If it got out: sign out of Lingma in your IDE and sign in again.',
  ];
}

/** `2026-04-30` */
export function showDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
