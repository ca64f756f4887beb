import fs from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import { judgeUpstreamAddress } from '#domain';
import { parse } from 'yaml';
import { z } from 'zod';
import { DiscoveryError, type Finding, findingOf } from './found-target.js';

const maxBytes = 1024 * 1024;
/** How long a file that has not changed is believed. */
const watchMs = 1_000;

const NAME = /^[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?$/;
const isHost = (text: string): boolean => NAME.test(text) || isIP(text) !== 0;

const content = z.strictObject({
  targets: z
    .array(
      z.strictObject({
        host: z.string().refine(isHost, 'expected a host name, or an IP address without brackets'),
        port: z.number().int().min(1).max(65_535).nullable().default(null),
        weight: z.number().int().min(1).max(1_000).default(1),
      }),
    )
    .max(10_000),
});

export interface TargetFileOptions {
  readonly folder: string;
  /** Of the folder; has none of its own. */
  readonly file: string;
  readonly allowsPrivate: boolean;
}

/** Targets in a file of the operator, as a catalogue file has them. It is read again only when it has changed. */
export class TargetFile {
  private readonly place: string;
  private stamp = '';

  constructor(private readonly options: TargetFileOptions) {
    this.place = path.join(options.folder, options.file);
  }

  /** Null when it is as it was at the last call that has read it. @throws DiscoveryError for a file that is not there or not sound */
  async read(): Promise<Finding | null> {
    try {
      const { mtimeMs, size, ino } = await fs.stat(this.place);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (stamp === this.stamp) return null;
      if (size > maxBytes) throw new DiscoveryError(`it has more than ${maxBytes} bytes`);
      const finding = this.findingIn(await fs.readFile(this.place, 'utf8'));
      this.stamp = stamp;
      return finding;
    } catch (error) {
      this.stamp = '';
      if (error instanceof DiscoveryError) throw error;
      throw new DiscoveryError((error as Error).message, { cause: error });
    }
  }

  private findingIn(text: string): Finding {
    const read = content.safeParse(parse(text));
    if (!read.success) throw new DiscoveryError(z.prettifyError(read.error));
    const targets = read.data.targets.map((target, index) => {
      const verdict = judgeUpstreamAddress(target.host, this.options.allowsPrivate);
      if (verdict === 'allowed' || verdict === 'not_an_address') return { ...target, priority: 0 };
      throw new DiscoveryError(`targets.${index}.host: no upstream may be at ${target.host}`);
    });
    return findingOf(targets, watchMs, []);
  }
}
