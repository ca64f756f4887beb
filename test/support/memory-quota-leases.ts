import {
  type Lease,
  type LeaseAnswer,
  type LeaseRequest,
  type QuotaKey,
  type QuotaLeases,
  QuotaStoreError,
  type SettledLease,
} from '#limits';

/** Leases of one quota, shared by all gateways that are given the same store. Passes the contract of the real one. */
export class MemoryQuotaStore {
  readonly leases = new Map<string, { units: number; used: number | null }>();
  isDown = false;
  /** What is asked for is done, and nobody hears of it. */
  losesAnswers = false;
  /** Resolves each call; set it to hold answers back. */
  answer: () => Promise<void> = () => Promise.resolve();
  calls = 0;

  get used(): number {
    return [...this.leases.values()].reduce((sum, { used }) => sum + (used ?? 0), 0);
  }

  get lent(): number {
    return [...this.leases.values()].reduce((sum, { units, used }) => sum + (used === null ? units : 0), 0);
  }

  forGateway(gateways = 1): QuotaLeases {
    return new MemoryQuotaLeases(this, gateways);
  }
}

class MemoryQuotaLeases implements QuotaLeases {
  private readonly own = new Set<string>();

  constructor(
    private readonly store: MemoryQuotaStore,
    private readonly gateways: number,
  ) {}

  async acquire(request: LeaseRequest): Promise<LeaseAnswer> {
    await this.reach();
    this.end(request.usedUp);
    const { leases, used, lent } = this.store;
    const unleased = Math.max(0, request.limit - used - lent);
    if (unleased < request.atLeast) return { kind: 'refused', unleased, lent };
    const share = Math.floor(unleased / (2 * this.gateways));
    const units = Math.min(unleased, Math.max(request.atLeast, Math.min(share, request.atMost)));
    const lease = { id: `lease-${leases.size + 1}`, units };
    leases.set(lease.id, { units, used: null });
    this.own.add(lease.id);
    this.answer();
    return { kind: 'granted', lease, unleased: unleased - units };
  }

  async settle(settled: readonly SettledLease[]): Promise<void> {
    await this.reach();
    this.end(settled);
    this.answer();
  }

  async shrink(_key: QuotaKey, smaller: readonly Lease[]): Promise<void> {
    await this.reach();
    for (const { id, units } of smaller) {
      const lease = this.store.leases.get(id)!;
      lease.units = units;
      if (units === 0) lease.used ??= 0;
    }
    this.answer();
  }

  async endUnknown(_key: QuotaKey, known: readonly string[]): Promise<void> {
    await this.reach();
    for (const id of this.own) if (!known.includes(id)) this.store.leases.get(id)!.used ??= 0;
    this.answer();
  }

  private end(settled: readonly SettledLease[]): void {
    for (const { id, used } of settled) this.store.leases.get(id)!.used ??= used;
  }

  private answer(): void {
    if (this.store.losesAnswers) throw new QuotaStoreError(new Error('lost'));
  }

  private async reach(): Promise<void> {
    this.store.calls++;
    await this.store.answer();
    if (this.store.isDown) throw new QuotaStoreError(new Error('down'));
  }
}
