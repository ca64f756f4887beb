/** Work that is done again and again, one round after the other. */
export interface Repetition {
  /** Begins no further round and resolves when the one that runs has ended. */
  stop(): Promise<void>;
}

/**
 * Does `work`, waits `intervalMs`, does it again; a round that returns true is followed by the next at once. A round that
 * fails is told to `onError` and does not end the repetition.
 */
export function repeat(
  work: () => Promise<boolean | void>,
  intervalMs: number,
  onError: (error: unknown) => void,
): Repetition {
  let isStopped = false;
  let wake = () => {};
  const running = (async () => {
    while (!isStopped) {
      let hasMore: boolean | void = false;
      try {
        hasMore = await work();
      } catch (error) {
        onError(error);
      }
      if (isStopped || hasMore === true) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, intervalMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    async stop() {
      isStopped = true;
      wake();
      await running;
    },
  };
}
