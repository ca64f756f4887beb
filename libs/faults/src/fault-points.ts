/**
 * Every write that metering makes outside of its process, and the reading that deletes a segment: where a fault can be
 * caused on purpose. In the order in which a usage event passes them.
 */
export const FAULT_POINTS = [
  'journal-write',
  'fdatasync',
  'seal',
  'segment-enqueue',
  'manifest-insert',
  'staging-copy',
  'event-insert',
  'rollup-upsert',
  'commit',
  'acknowledgement-read',
  'segment-delete',
] as const;

/** Every write of the archive of usage, in order. */
export const ARCHIVE_FAULT_POINTS = [
  'archive-seal',
  'archive-write',
  'archive-rename',
  'archive-record',
  'archive-drop',
] as const;

/** Every write on the way of usage that the payment provider rates, in order. */
export const METERED_FAULT_POINTS = [
  'usage-claim',
  'usage-list',
  'usage-try',
  'usage-report',
  'usage-count',
  'usage-release',
] as const;

/** What is sent to endpoints of organizations. */
const WEBHOOK_FAULT_POINTS = ['webhook-send'] as const;

export type FaultPoint =
  | (typeof FAULT_POINTS)[number]
  | (typeof ARCHIVE_FAULT_POINTS)[number]
  | (typeof METERED_FAULT_POINTS)[number]
  | (typeof WEBHOOK_FAULT_POINTS)[number];

/**
 * `kill`: the process ends as by SIGKILL. `throw`: an error. `delay`: 300 ms. `duplicate`: the write is made twice, as
 * when its answer was lost.
 */
export const FAULT_KINDS = ['kill', 'throw', 'delay', 'duplicate'] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export type FaultMoment = 'before' | 'after';

/** A fault that happens once: at one moment of a point, the first or a later time that it is reached. */
export interface Fault {
  readonly point: FaultPoint;
  readonly moment: FaultMoment;
  readonly kind: FaultKind;
  /** 1 for the first time. */
  readonly time: number;
}

/**
 * Every fault that can happen. Nothing makes a statement inside of a transaction twice: what is made twice is the
 * transaction.
 */
export function allFaults(): string[] {
  const moments: readonly FaultMoment[] = ['before', 'after'];
  return FAULT_POINTS.flatMap((point) =>
    moments.flatMap((moment) => FAULT_KINDS.map((kind) => `${point}.${moment}:${kind}`)),
  ).filter(
    (fault) =>
      !/^((manifest-insert|staging-copy|event-insert|rollup-upsert)\..*|commit\.before):duplicate$/.test(fault),
  );
}

const pattern = /^(?<point>[a-z-]+)\.(?<moment>before|after):(?<kind>[a-z]+)(?:@(?<time>[1-9]\d{0,5}))?$/;

/** Reads `point.before:kind` or `point.after:kind@time`; null when it is none. */
export function parseFault(text: string): Fault | null {
  const { point, moment, kind, time = '1' } = pattern.exec(text)?.groups ?? {};
  if (
    !isOneOf([...FAULT_POINTS, ...ARCHIVE_FAULT_POINTS, ...METERED_FAULT_POINTS, ...WEBHOOK_FAULT_POINTS], point) ||
    !isOneOf(FAULT_KINDS, kind)
  )
    return null;
  return { point, kind, moment: moment as FaultMoment, time: Number(time) };
}

function isOneOf<Word extends string>(words: readonly Word[], word: string | undefined): word is Word {
  return (words as readonly (string | undefined)[]).includes(word);
}
