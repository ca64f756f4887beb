import type { UpstreamDiscovery } from '#domain';
import type { Logger } from '#observability';
import { askForAddresses, askForService } from './ask-name-servers.js';
import { TargetFile } from './target-file.js';
import { TargetWatch } from './target-watch.js';

export interface TargetWatchesOptions {
  /** Folder of the files with targets; absent where there are none. */
  readonly folder?: string | undefined;
  /** Absent for those of the system. */
  readonly nameServers?: readonly string[] | undefined;
  readonly allowsPrivate: boolean;
  readonly log: Logger;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** More sources are not asked: each is a question every few seconds. */
const maxSources = 1_000;
/** Of a file, at most. */
const fileRefreshMs = 1_000;

type Asking = Pick<ConstructorParameters<typeof TargetWatch>[0], 'ask' | 'minRefreshMs' | 'maxRefreshMs'>;

/** All sources of targets that API versions name, each asked once, from catalogue to catalogue. */
export class TargetWatches {
  private readonly bySource = new Map<string, TargetWatch>();
  private isStarted = false;
  private onChange: () => void = () => undefined;

  constructor(private readonly options: TargetWatchesOptions) {}

  get all(): readonly TargetWatch[] {
    return [...this.bySource.values()];
  }

  /**
   * The targets of an upstream at `url`.
   * @throws Error where files are not allowed, or there are too many sources
   */
  of(discovery: UpstreamDiscovery, url: string): TargetWatch {
    const { dns, file } = discovery;
    const host = new URL(url).hostname;
    const name = file === undefined ? `${dns!.type} ${dns!.name ?? host}` : `file ${file}`;
    const source = JSON.stringify([name, dns?.port, dns?.minRefreshSeconds, dns?.maxRefreshSeconds]);
    const known = this.bySource.get(source);
    if (known) return known;
    if (this.bySource.size >= maxSources) throw new Error(`there are more than ${maxSources} sources of targets`);
    const { log, random } = this.options;
    const watch = new TargetWatch({
      name,
      log,
      random,
      onChange: () => this.onChange(),
      ...this.asking(discovery, host),
    });
    this.bySource.set(source, watch);
    if (this.isStarted) watch.start();
    return watch;
  }

  /** Stops asking all others. */
  keepOnly(wanted: ReadonlySet<TargetWatch>): void {
    for (const [source, watch] of this.bySource) {
      if (wanted.has(watch)) continue;
      watch.stop();
      this.bySource.delete(source);
    }
  }

  /** Asks from now on; `onChange` is told when a source has other targets. Waits until each has answered, but not for long. */
  async start(onChange: () => void, waitMs: number): Promise<void> {
    this.isStarted = true;
    this.onChange = onChange;
    const { all } = this;
    for (const watch of all) watch.start();
    if (all.length === 0) return;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, waitMs);
    await Promise.race([Promise.all(all.map(({ asked }) => asked)), late.promise]);
    clearTimeout(timer);
  }

  stop(): void {
    this.isStarted = false;
    for (const watch of this.bySource.values()) watch.stop();
  }

  private asking({ dns, file }: UpstreamDiscovery, host: string): Asking {
    const { folder, nameServers: servers, allowsPrivate } = this.options;
    if (file !== undefined) {
      if (folder === undefined) throw new Error('its targets are in a file, and UPSTREAM_TARGETS_DIR is not set');
      const targets = new TargetFile({ folder, file, allowsPrivate });
      return { ask: () => targets.read(), minRefreshMs: fileRefreshMs, maxRefreshMs: fileRefreshMs };
    }
    const { type, name = host, port = null, minRefreshSeconds, maxRefreshSeconds } = dns!;
    const refresh = { minRefreshMs: minRefreshSeconds * 1_000, maxRefreshMs: maxRefreshSeconds * 1_000 };
    const options = { servers, allowsPrivate };
    if (type === 'srv') return { ask: () => askForService(name, options), ...refresh };
    return { ask: () => askForAddresses(name, port, options), ...refresh };
  }
}
