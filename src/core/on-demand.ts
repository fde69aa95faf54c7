/** What `make` returns, made when it is first asked for and kept: what a start does without should not lengthen it. */
export function onDemand<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
