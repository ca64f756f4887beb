import { useEffect, useState } from 'react';
import { serverClock } from './server-clock.js';

/** The server's time, renewed every `intervalMs`, and when the server's clock was moved. */
export function useNow(intervalMs: number): Date {
  const [now, setNow] = useState(() => serverClock.now());
  useEffect(() => {
    const renew = () => setNow(serverClock.now());
    const timer = setInterval(renew, intervalMs);
    const unsubscribe = serverClock.subscribe(renew);
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, [intervalMs]);
  return now;
}
