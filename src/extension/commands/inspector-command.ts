import type { Session } from '../session.ts';

/** Opens the request inspector, at the request that was clicked on if there is one. */
export async function openInspector(session: Session, clicked: unknown): Promise<void> {
  await session.inspector.open(session, requestOf(clicked));
}

/** The request of a tree node; a command may be given anything. */
function requestOf(clicked: unknown): string | undefined {
  if (typeof clicked !== 'object' || clicked === null || Reflect.get(clicked, 'kind') !== 'request') {
    return undefined;
  }
  const id: unknown = Reflect.get(clicked, 'id');
  return typeof id === 'string' ? id : undefined;
}
