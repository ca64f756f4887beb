import fs from 'node:fs';
import { eventually } from './pause.mjs';

/** Lets Node open its inspector on a port of its choice when it gets SIGUSR1; until then it changes nothing. */
export const INSPECTABLE = '--inspect-port=127.0.0.1:0';
const listening = /Debugger listening on (ws:\/\/\S+)/g;
const withinMs = 30_000;

/**
 * What a process holds when all that nobody needs any more has been collected: its objects, and what they hold outside of
 * the heap. What the system counts rises and falls with the collector by more than a leak comes to in minutes.
 */
export class HeldMemory {
  #address;

  /** Of a process that was started `INSPECTABLE`, and writes to this file, as those before it may have done. */
  static async open(pid, logFile) {
    const opened = () => [...fs.readFileSync(logFile, 'utf8').matchAll(listening)].map(([, address]) => address);
    const before = opened().length;
    process.kill(pid, 'SIGUSR1');
    await eventually('the inspector is open', () => opened().length > before, withinMs);
    const held = new HeldMemory();
    held.#address = opened().at(-1);
    return held;
  }

  async megabytes() {
    const inspector = new WebSocket(this.#address);
    const ask = (id, method, params) =>
      new Promise((resolve, reject) => {
        inspector.addEventListener('message', ({ data }) => {
          const { id: answered, result } = JSON.parse(data);
          if (answered === id) resolve(result);
        });
        inspector.addEventListener('close', () => reject(new Error(`The process has ended before ${method}.`)));
        inspector.send(JSON.stringify({ id, method, params }));
      });
    await new Promise((resolve, reject) => {
      inspector.addEventListener('open', resolve);
      inspector.addEventListener('error', () => reject(new Error(`Nobody answers at ${this.#address}.`)));
    });
    // What is freed by the first may have held what only the second frees.
    for (const id of [1, 2]) await ask(id, 'HeapProfiler.collectGarbage');
    const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())';
    const { result } = await ask(3, 'Runtime.evaluate', { expression, returnByValue: true });
    inspector.close();
    return result.value / 2 ** 20;
  }
}
