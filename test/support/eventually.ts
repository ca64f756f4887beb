/** What a test has a gateway wait for its stores: a busy machine must not make one look away. */
export const PATIENT_MS = 10_000;

/**
 * Asks again and again until `isDone` says yes of the answer, and returns it; fails with the last answer after
 * `timeoutMs`.
 */
export async function eventually<Answer>(
  ask: () => Promise<Answer> | Answer,
  isDone: (answer: Answer) => boolean,
  timeoutMs = 20_000,
): Promise<Answer> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(answer)} after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
