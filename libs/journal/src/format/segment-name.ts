import path from 'node:path';

/** `open` segments are still written to; `sealed` ones are complete and never change again. */
export type SegmentState = 'open' | 'sealed';

export interface SegmentName {
  readonly epoch: number;
  readonly segment: number;
  readonly state: SegmentState;
}

const NAME = /^(\d{10})-(\d{10})\.(open|sealed)$/;

/** "0000000003-0000000001.open" for segment 1 of epoch 3: the order of names is the order of writing. */
export function segmentPath(folder: string, { epoch, segment, state }: SegmentName): string {
  const digits = (value: number) => String(value).padStart(10, '0');
  return path.join(folder, `${digits(epoch)}-${digits(segment)}.${state}`);
}

/** What a file's name says, or null when it is none of a segment. */
export function parseSegmentName(file: string): SegmentName | null {
  const match = NAME.exec(path.basename(file));
  if (!match) return null;
  return { epoch: Number(match[1]), segment: Number(match[2]), state: match[3] as SegmentState };
}
