import fs from 'node:fs';
import { growthPerMinute, mostByPart } from './growth.mjs';

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
  slopes(withoutMs = 0) {
    return this.#ofEach((name) => growthPerMinute(this.#readingsOf(name).filter(({ atMs }) => atMs >= withoutMs)));
  }

  /** The most that each has held in each of so many equal parts of the time, in megabytes. */
  mostByPart(parts) {
    const ofParts = this.#ofEach((name) => mostByPart(this.#readingsOf(name), parts));
    return Array.from({ length: parts }, (_, part) => this.#ofEach((name) => ofParts[name][part]));
  }

  /** The most that each has held, in megabytes. */
  most() {
    return this.mostByPart(1)[0];
  }

  #ofEach(valueOf) {
    return Object.fromEntries(Object.keys(this.pids).map((name) => [name, valueOf(name)]));
  }

  #readingsOf(name) {
    return this.#samples.map(({ atMs, [name]: megabytes }) => ({ atMs, megabytes }));
  }

  #take() {
    const held = Object.entries(this.pids).map(([name, pid]) => [name, heldMegabytes(pid)]);
    if (held.every(([, megabytes]) => megabytes !== null))
      this.#samples.push({ atMs: performance.now() - this.#startedAt, ...Object.fromEntries(held) });
  }
}

function heldMegabytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;
  } catch {
    return null;
  }
}
