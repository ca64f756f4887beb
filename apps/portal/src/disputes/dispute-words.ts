import type { Dispute } from '../api/types.js';
import type { Tone } from '../components/status-badge.js';

/** How a dispute stands. A lost one is not over before finance has decided about the claim. */
export function disputeStanding({
  state,
  isInquiry,
  resolution,
  decidedAt,
}: Pick<Dispute, 'state' | 'isInquiry' | 'resolution' | 'decidedAt'>): { readonly label: string; readonly tone: Tone } {
  switch (state) {
    case 'needs_response':
      return { label: isInquiry ? 'Inquiry, needs an answer' : 'Needs evidence', tone: 'danger' };
    case 'under_review':
      return { label: 'Under review', tone: 'info' };
    case 'won':
      return { label: 'Won', tone: 'positive' };
    case 'closed':
      return { label: 'Closed', tone: 'neutral' };
    case 'lost':
      if (decidedAt === null)
        return resolution === null
          ? { label: 'Lost, decide', tone: 'danger' }
          : { label: 'Write-off waits for approval', tone: 'warning' };
      return resolution === 'reopened'
        ? { label: 'Lost, due again', tone: 'neutral' }
        : { label: 'Lost, given up', tone: 'neutral' };
  }
}

/** "product not received" for what the provider calls `product_not_received`, with a capital. */
export function reasonWords(reason: string): string {
  const words = reason.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
