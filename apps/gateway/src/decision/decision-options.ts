/** How calls are decided and metered that another proxy passes on. */
export interface DecisionOptions {
  readonly host: string;
  /** For questions and reports by HTTP; null for none, 0 for any. */
  readonly port: number | null;
  /** For questions and access logs by gRPC; null for none, 0 for any. */
  readonly grpcPort: number | null;
  /** For reports by syslog over UDP; null for none, 0 for any. */
  readonly syslogPort: number | null;
  /** What whoever asks must show; null where everybody who gets there may. */
  readonly secret: string | null;
  /** `none`: calls are recorded when they are admitted, as nobody says how they end. */
  readonly reports: 'expected' | 'none';
  /** What becomes of an admitted call of which no report comes in time. */
  readonly unreported: 'bill' | 'release';
  readonly reportTimeoutMs: number;
  /** Admitted calls without a report, at most; more are refused. */
  readonly maxOpen: number;
  /** How often is looked for calls whose time is over. Default 250 ms. */
  readonly sweepMs?: number;
}

/** Of a gateway that is asked by nobody: how it ends what an earlier start has left. */
export const noDecisions: DecisionOptions = {
  host: '',
  port: null,
  grpcPort: null,
  syslogPort: null,
  secret: null,
  reports: 'expected',
  unreported: 'bill',
  reportTimeoutMs: 0,
  maxOpen: 0,
};
