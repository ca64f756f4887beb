import type { LedgerProof } from '../../api/types.js';
import type { Tone } from '../../components/status-badge.js';

interface ProofWords {
  readonly tone: Tone;
  readonly label: string;
  /** Rows that were compared; null while the proof runs. */
  readonly compared: number | null;
  readonly firstDifference: string | null;
}

/** A proof in words: whether the day agrees, how much was compared, and the first row that differs. */
export function proofWords({ ok, checks }: Pick<LedgerProof, 'ok' | 'checks'>): ProofWords {
  if (ok === null || checks === null) return { tone: 'info', label: 'Running', compared: null, firstDifference: null };
  const difference = checks.find((check) => check.difference !== null)?.difference ?? null;
  return {
    tone: ok ? 'positive' : 'danger',
    label: ok ? 'Agrees' : 'Differs',
    compared: checks.reduce((sum, { checked }) => sum + checked, 0),
    firstDifference: difference && `${difference.row}: expected ${difference.expected}, actual ${difference.actual}`,
  };
}
