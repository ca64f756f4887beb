import { useEffect, useState } from 'react';

const patienceMs = 20_000;

/** Turns true when what was just done on the payment provider's page has still not become known after a while: then it was not. */
export function useProviderWait(isWaiting: boolean): boolean {
  const [tooLong, setTooLong] = useState(false);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setTooLong(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  return tooLong;
}
