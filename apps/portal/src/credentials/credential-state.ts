import type { Credential } from '../api/types.js';
import type { Tone } from '../components/status-badge.js';
import { daysUntil } from '../format/date.js';

export interface CredentialState {
  readonly label: string;
  readonly tone: Tone;
  /** True while the gateways accept the key. */
  readonly works: boolean;
}

const warningDays = 14;

export function credentialState({ revokedAt, expiresAt, isTryIt }: Credential, now: Date): CredentialState {
  if (revokedAt !== null) return { label: 'Revoked', tone: 'neutral', works: false };
  if (expiresAt === null) return { label: 'Active', tone: 'positive', works: true };
  const expiry = new Date(expiresAt);
  if (expiry <= now) return { label: 'Expired', tone: 'neutral', works: false };
  const days = daysUntil(expiry, now);
  if (isTryIt) return { label: 'Ends within the hour', tone: 'neutral', works: true };
  if (days > warningDays) return { label: 'Active', tone: 'positive', works: true };
  return { label: days === 1 ? 'Expires in a day' : `Expires in ${days} days`, tone: 'warning', works: true };
}

/** Keys that work first, the newest first among equals. */
export function sortedCredentials(credentials: readonly Credential[], now: Date): readonly Credential[] {
  return credentials.toSorted((left, right) => {
    const works = Number(credentialState(right, now).works) - Number(credentialState(left, now).works);
    return works !== 0 ? works : right.createdAt.localeCompare(left.createdAt);
  });
}

export const expiryChoices = [
  { value: 'never', label: 'Never', days: null },
  { value: '30', label: 'In 30 days', days: 30 },
  { value: '90', label: 'In 90 days', days: 90 },
  { value: '365', label: 'In a year', days: 365 },
] as const;

/** The instant that a choice of expiry means; null for never. */
export function expiryOf(choice: string, now: Date): string | null {
  const days = expiryChoices.find(({ value }) => value === choice)?.days ?? null;
  return days === null ? null : new Date(now.getTime() + days * 86_400_000).toISOString();
}

/** What the end of a key may be changed to; to leave it comes first. */
export function editExpiryChoices({ expiresAt }: Pick<Credential, 'expiresAt'>): { value: string; label: string }[] {
  const asIs = expiresAt === null ? 'Never, as now' : `On ${expiresAt.slice(0, 10)} (UTC), as now`;
  const others = expiryChoices.filter(({ days }) => days !== null || expiresAt !== null);
  return [{ value: 'as-is', label: asIs }, ...others.map(({ value, label }) => ({ value, label }))];
}
