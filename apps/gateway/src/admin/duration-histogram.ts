const boundsMs = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/** A Prometheus histogram of one series that costs a request next to nothing. */
export class DurationHistogram {
  private readonly counts = new Float64Array(boundsMs.length + 1);
  private sumMs = 0;

  constructor(
    private readonly name: string,
    private readonly help: string,
  ) {}

  observe(durationMs: number): void {
    let bucket = 0;
    while (bucket < boundsMs.length && durationMs > boundsMs[bucket]!) bucket++;
    this.counts[bucket]! += 1;
    this.sumMs += durationMs;
  }

  /** In the text format of Prometheus; durations in seconds. */
  text(): string {
    const { name, help } = this;
    let total = 0;
    const buckets = boundsMs.map((boundMs, index) => {
      total += this.counts[index]!;
      return `${name}_bucket{le="${boundMs / 1000}"} ${total}`;
    });
    total += this.counts[boundsMs.length]!;
    return [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} histogram`,
      ...buckets,
      `${name}_bucket{le="+Inf"} ${total}`,
      `${name}_sum ${this.sumMs / 1000}`,
      `${name}_count ${total}`,
      '',
    ].join('\n');
  }
}
