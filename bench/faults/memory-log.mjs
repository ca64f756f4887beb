import fs from 'node:fs';
import { growthPerMinute } from './growth.mjs';

/** Writes down once a second what memory processes hold. */
export class MemoryLog {
  #samples = [];
  #startedAt = performance.now();

  constructor(pids) {
    this.pids = pids;
    this.#timer = setInterval(() => this.#take(), 1_000);
  }

  #timer;

  stop() {
    clearInterval(this.#timer);
  }

  /** By how many megabytes a minute each has grown, without the first time; null for too few readings. */
  slopes(withoutMs) {
    const watched = this.#samples.filter(({ atMs }) => atMs >= withoutMs);
    const readingsOf = (name) => watched.map(({ atMs, [name]: megabytes }) => ({ atMs, megabytes }));
    return Object.fromEntries(Object.keys(this.pids).map((name) => [name, growthPerMinute(readingsOf(name))]));
  }

  /** The most that each has held in each of so many equal parts of the time, in megabytes. */
  mostByPart(parts) {
    const until = this.#samples.at(-1)?.atMs ?? 0;
    return Array.from({ length: parts }, (_, part) => {
      const readings = this.#samples.filter(
        ({ atMs }) => Math.min(parts - 1, Math.floor((atMs / until) * parts)) === part,
      );
      return mostOf(readings, Object.keys(this.pids));
    });
  }

  /** The most that each has held, in megabytes. */
  most() {
    return mostOf(this.#samples, Object.keys(this.pids));
  }

  #take() {
    const held = Object.entries(this.pids).map(([name, pid]) => [name, heldMegabytes(pid)]);
    if (held.every(([, megabytes]) => megabytes !== null))
      this.#samples.push({ atMs: performance.now() - this.#startedAt, ...Object.fromEntries(held) });
  }
}

function mostOf(samples, names) {
  return Object.fromEntries(names.map((name) => [name, Math.max(...samples.map(({ [name]: held }) => held))]));
}

function heldMegabytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;
  } catch {
    return null;
  }
}
