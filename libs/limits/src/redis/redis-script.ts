import { createHash } from 'node:crypto';
import fs from 'node:fs';

/** The part of a client that scripts need; of a single Redis and of a cluster alike. */
export interface ScriptRunner {
  evalSha(sha1: string, options: ScriptOptions): Promise<unknown>;
  eval(script: string, options: ScriptOptions): Promise<unknown>;
}

interface ScriptOptions {
  readonly keys: string[];
  readonly arguments: (string | Buffer)[];
}

/** A Lua script, sent by its hash, and in full to a server that does not know it yet. */
export class RedisScript {
  private readonly sha1: string;

  constructor(private readonly source: string) {
    this.sha1 = createHash('sha1').update(source).digest('hex');
  }

  /** Those beside this file, by their names, one behind the other. */
  static read(...names: readonly string[]): RedisScript {
    const sources = names.map((name) => fs.readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), 'utf8'));
    return new RedisScript(sources.join('\n'));
  }

  async run(client: ScriptRunner, keys: string[], args: (string | Buffer)[]): Promise<unknown> {
    try {
      return await client.evalSha(this.sha1, { keys, arguments: args });
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(this.source, { keys, arguments: args });
    }
  }
}
