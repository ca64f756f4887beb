import type { ReplayClaim, ReplayStore, ReplayVerdict } from '../replay/replay-store.js';
import { RedisConnection } from './redis-connection.js';
import { RedisScript } from './redis-script.js';
import { withinTime } from './within-time.js';

const claimScript = RedisScript.read('claim-replay-1');
const completeScript = RedisScript.read('complete-replay-1');
const abandonScript = RedisScript.read('abandon-replay-1');

/** What takes longer is lost: the connection is given up, and a new one tried. */
const answerWithinMs = 900;

/**
 * Answers in Redis, a single one or a cluster: one script call for each question. They expire by the server's own time,
 * whatever the gateways' clocks say.
 */
export class RedisReplayStore implements ReplayStore {
  private readonly connection: RedisConnection;

  /** Connects at once, and again whenever the connection breaks; rejects at once while there is none. */
  constructor(url: string) {
    this.connection = new RedisConnection(url, 'bytes');
  }

  /** Resolves when the first attempt to connect has ended, well or not: within three seconds. */
  get firstAttempt(): Promise<void> {
    return this.connection.firstAttempt;
  }

  async claim(claim: ReplayClaim, claimMs: number): Promise<ReplayVerdict> {
    const reply = await this.run(claimScript, claim, [claim.claimant, claim.fingerprint, String(claimMs)]);
    const [state, answer] = reply as [Buffer, Buffer?];
    return answer === undefined
      ? { state: state.toString() as 'claimed' | 'in_flight' | 'other_request' }
      : { state: 'answered', answer };
  }

  async complete(claim: ReplayClaim, answer: Buffer, keepMs: number): Promise<void> {
    await this.run(completeScript, claim, [claim.claimant, claim.fingerprint, answer, String(keepMs)]);
  }

  async abandon(claim: ReplayClaim): Promise<void> {
    await this.run(abandonScript, claim, [claim.claimant]);
  }

  async sweep(): Promise<void> {}

  close(): Promise<void> {
    return this.connection.close();
  }

  private async run(script: RedisScript, { key }: ReplayClaim, args: (string | Buffer)[]): Promise<unknown> {
    let isAnswered = false;
    try {
      const { client } = this.connection;
      const running = script.run(client, [`replay ${key.toString('base64url')}`], args);
      const settled = (): void => void (isAnswered = true);
      running.then(settled, settled);
      return await withinTime(running, answerWithinMs);
    } catch (error) {
      if (!isAnswered) this.connection.reconnect();
      throw error;
    }
  }
}
