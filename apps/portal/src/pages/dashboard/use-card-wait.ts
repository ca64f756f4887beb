import { useEffect, useState } from 'react';

const patienceMs = 20_000;

/** Turns true when a card that was just given has still not become known after a while: then there was none. */
export function useCardWait(isWaiting: boolean): boolean {
  const [tooLong, setTooLong] = useState(false);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setTooLong(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  return tooLong;
}
