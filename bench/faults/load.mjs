import http from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { pause } from './pause.mjs';
import { CALL_HEADER } from './upstream.mjs';

const knockMs = 20;
const givesUpMs = 60_000;

/**
 * Calls at a fixed rate, whatever the answers take, with one key after the other, and notes how each call ended. When a
 * connection is refused, calls wait until one is accepted, as at a load balancer: nothing can have been executed. Anything that
 * was sent is sent once.
 */
export class Load {
  calls = [];
  open = new Set();
  #agent = new http.Agent({ keepAlive: true });
  #timer;
  #running = [];
  /** While connections are refused: resolves when one is accepted. One knocks for all, or hundreds of calls that wait would take a core. */
  #accepted;

  constructor({ port, path, keys, perSecond }) {
    Object.assign(this, { port, path, keys, perSecond });
  }

  /** One call with each key, so that nothing is asked for the first time when the fault happens. */
  async warmUp() {
    for (const [index] of this.keys.entries()) await this.#call(-1 - index, performance.now(), { isWarmUp: true });
  }

  start() {
    const startedAt = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = ((performance.now() - startedAt) / 1_000) * this.perSecond;
      for (; sent < due; sent++) this.#running.push(this.#call(sent, startedAt + (sent * 1_000) / this.perSecond));
    }, 2);
  }

  /** Sends nothing more and waits for the last answer. */
  async stop() {
    clearInterval(this.#timer);
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  /** Calls that were due between the two instants (of performance.now()). */
  between(from, to) {
    return this.calls.filter(({ dueAt }) => dueAt >= from && dueAt < to);
  }

  async #call(number, dueAt, { isWarmUp = false } = {}) {
    const key = this.keys[Math.abs(number) % this.keys.length];
    const call = {
      name: `call-${number}`,
      key: key.name,
      isWarmUp,
      dueAt,
      outcome: null,
      status: null,
      id: null,
      doneAt: null,
    };
    this.calls.push(call);
    this.open.add(call);
    while (performance.now() - dueAt < givesUpMs) {
      if (this.#accepted) await this.#accepted;
      else if (await this.#attempt(call, key.secret)) break;
      else this.#accepted ??= this.#knock();
    }
    call.outcome ??= 'refused_connection';
    call.doneAt = performance.now();
    this.open.delete(call);
  }

  /** Until a connection is accepted, or the calls that wait give up. */
  async #knock() {
    const giveUpAt = performance.now() + givesUpMs;
    do await pause(knockMs);
    while (!(await isAccepted(this.port)) && performance.now() < giveUpAt);
    this.#accepted = undefined;
  }

  /** False when no connection was made. */
  #attempt(call, secret) {
    return new Promise((resolve) => {
      let connected = false;
      const options = { port: this.port, path: this.path, agent: this.#agent };
      const headers = { 'x-api-key': secret, [CALL_HEADER]: call.name };
      const end = (outcome) => {
        call.outcome = outcome;
        resolve(true);
      };
      const request = http.get({ ...options, host: '127.0.0.1', headers }, (answer) => {
        call.status = answer.statusCode;
        call.id = answer.headers['tollgate-request-id'] ?? null;
        if (answer.statusCode === 200) answer.resume();
        else
          text(answer).then(
            (body) => (call.code = /"code":"(\w+)"/.exec(body)?.[1]),
            () => undefined,
          );
        answer.once('end', () =>
          end(!answer.complete ? 'broken' : answer.statusCode === 200 ? 'delivered' : 'refused'),
        );
        answer.once('error', () => end('broken'));
      });
      request.once('socket', (socket) => {
        if (socket.connecting) socket.once('connect', () => (connected = true));
        else connected = true;
      });
      request.once('error', (error) => {
        if (connected) call.error = error.code;
        if (connected) end('broken');
        else resolve(false);
      });
    });
  }
}

function isAccepted(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
