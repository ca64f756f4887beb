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
    return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...this.series(), ''].join('\n');
  }

  /** The lines of the series alone, with these labels, which are without braces. */
  series(labels = ''): string[] {
    const { name } = this;
    const others = labels === '' ? '' : `${labels},`;
    const all = labels === '' ? '' : `{${labels}}`;
    let total = 0;
    const buckets = boundsMs.map((boundMs, index) => {
      total += this.counts[index]!;
      return `${name}_bucket{${others}le="${boundMs / 1000}"} ${total}`;
    });
    total += this.counts[boundsMs.length]!;
    return [
      ...buckets,
      `${name}_bucket{${others}le="+Inf"} ${total}`,
      `${name}_sum${all} ${this.sumMs / 1000}`,
      `${name}_count${all} ${total}`,
    ];
  }
}
