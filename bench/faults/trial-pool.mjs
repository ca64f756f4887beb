import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/**
 * Runs trials several at a time, each in a process with a Postgres and an upstream of its own: they wait more than they work. Those whose
 * figure is a short time come after the others, one by one, as they would say more about their neighbours.
 */
export class TrialPool {
  #children = [];

  constructor(jobs, options) {
    this.jobs = jobs;
    this.options = options;
  }

  /** Runs all; tells each row as it is there. */
  async run(plan, onRow) {
    const together = plan
      .filter(({ fault }) => !fault.needsQuiet)
      .toSorted((one, other) => lastsOf(other) - lastsOf(one));
    await this.#runIn(Math.min(this.jobs, together.length), together, onRow);
    const alone = plan.filter(({ fault }) => fault.needsQuiet);
    await this.#runIn(Math.min(1, alone.length), alone, onRow);
  }

  async end() {
    await Promise.all(this.#children.map((child) => this.#stop(child)));
  }

  async #runIn(count, trials, onRow) {
    const left = [...trials];
    const work = async () => {
      const child = await this.#start();
      for (let trial = left.shift(); trial !== undefined; trial = left.shift()) {
        const { fault, queue, seed } = trial;
        child.send({ id: fault.id, queue, seed });
        onRow(await this.#answerOf(child));
      }
      await this.#stop(child);
    };
    await Promise.all(Array.from({ length: count }, work));
  }

  async #start() {
    const child = fork(path.join(import.meta.dirname, 'trial-process.mjs'), this.options);
    this.#children.push(child);
    await this.#answerOf(child);
    return child;
  }

  async #answerOf(child) {
    const ended = new AbortController();
    try {
      return await Promise.race([
        once(child, 'message', { signal: ended.signal }).then(([message]) => message),
        once(child, 'exit', { signal: ended.signal }).then(([code]) => {
          throw new Error(`a process of trials has ended with ${code}`);
        }),
      ]);
    } finally {
      ended.abort();
    }
  }

  /** Its Postgres goes with it. */
  async #stop(child) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (child.connected) child.disconnect();
    await ended;
  }
}

/** Those that last longest begin first. */
function lastsOf({ fault: { minutes = 1 } }) {
  return minutes;
}
