import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';

/** Clients give up when they were refused for so long. */
const refusedForMs = 5_000;

/** Many clients of one address, each with one call under way; they count what they are told. */
export class Callers {
  calls = 0;
  /** By status, and of problems their code. */
  readonly answers = new Map<string, number>();
  private readonly pool: Pool;

  constructor(
    url: string,
    private readonly key: string,
    private readonly clients: number,
  ) {
    const { origin, pathname } = new URL(url);
    this.path = pathname;
    this.pool = new Pool(origin, { connections: clients, pipelining: 1 });
  }

  private readonly path: string;

  /** Each client makes so many calls, whatever comes back. */
  async callOften(callsPerClient: number): Promise<void> {
    await this.each(async () => {
      for (let count = 0; count < callsPerClient; count++) await this.call();
    });
  }

  /** Each client asks until the quota is exceeded, or nothing was admitted for five seconds. */
  async callUntilRefused(): Promise<void> {
    await this.each(async () => {
      let admittedAt = performance.now();
      while (performance.now() - admittedAt < refusedForMs) {
        const answer = await this.call();
        if (answer === '429 quota_exceeded') return;
        if (answer.startsWith('429') || answer === '503 quota_unavailable') await pause(50);
        else if (answer !== 'broken') admittedAt = performance.now();
      }
    });
  }

  /** "200 512, 429 quota_exceeded 88". */
  get words(): string {
    return [...this.answers]
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([answer, count]) => `${answer}: ${count.toLocaleString('en-US')}`)
      .join(', ');
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async each(run: () => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: this.clients }, run));
  }

  private async call(): Promise<string> {
    const answer = await this.ask();
    this.calls++;
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
    return answer;
  }

  private async ask(): Promise<string> {
    try {
      const { statusCode, body } = await this.pool.request({
        path: this.path,
        method: 'GET',
        headers: { 'x-api-key': this.key },
      });
      if (statusCode === 200) {
        await body.dump();
        return '200';
      }
      const code = /"code":"(\w+)"/.exec(await body.text())?.[1];
      return code === undefined ? String(statusCode) : `${statusCode} ${code}`;
    } catch {
      return 'broken';
    }
  }
}
