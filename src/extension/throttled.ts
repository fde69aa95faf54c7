/** A function that runs at most once in `milliseconds`, the first time that long after it was asked to. */
export interface Throttled {
  (): void;
  /** Nothing runs any more. */
  dispose(): void;
}

/** Makes one call of many that come close together. */
export function throttled(run: () => void, milliseconds: number): Throttled {
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;
  const ask = () => {
    if (disposed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      run();
    }, milliseconds);
  };
  const dispose = () => {
    disposed = true;
    clearTimeout(timer);
  };
  return Object.assign(ask, { dispose });
}
