import type { FinanceProposal } from '#domain';
import { z } from 'zod';
import { pageAfter, placeOf, placeText } from './page.schema.js';
import { id } from './value.schema.js';

/** Which part of a list of proposals, as text: "waiting~0193…" or "decided~0193…". */
export const proposalQuery = pageAfter(
  placeOf(
    z
      .tuple([z.enum(['waiting', 'decided']), id])
      .transform(([state, after]) => ({ waits: state === 'waiting', id: after })),
    2,
  ),
);

/** Where a list of proposals goes on after one. */
export function toProposalPlace(proposal: Pick<FinanceProposal, 'id' | 'state'>): string {
  return placeText(proposal.state === 'proposed' ? 'waiting' : 'decided', proposal.id);
}
