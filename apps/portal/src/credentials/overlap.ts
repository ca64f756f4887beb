/** How long a rotated key may go on working. */
export const overlapChoices = [
  { value: '0', label: 'Not at all: it ends now' },
  { value: '3600', label: 'An hour' },
  { value: '86400', label: 'A day' },
  { value: '604800', label: '7 days' },
  { value: '2592000', label: '30 days' },
] as const;

export const defaultOverlap = '86400';

/** The seconds of a choice. */
export function secondsOf(choice: string): number {
  return Number(overlapChoices.find(({ value }) => value === choice)?.value ?? defaultOverlap);
}
