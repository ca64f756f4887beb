export function pause(forMs) {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

/** Waits until the probe gives something true and returns it; fails with `what` after `timeoutMs`. */
export async function eventually(what, probe, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const result = await probe();
    if (result) return result;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await pause(20);
  }
}
