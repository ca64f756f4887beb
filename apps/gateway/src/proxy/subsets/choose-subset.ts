import type { Exchange } from '../../exchange.js';
import type { UpstreamEntry } from '../../snapshot/catalog.js';
import type { TrafficRules } from './traffic-rules.js';

/** The subset of its upstream that a call goes to, once it is known who pays for it; null for none. */
export function chooseSubset({ head, account }: Exchange, traffic: TrafficRules<UpstreamEntry>): UpstreamEntry | null {
  const { application, productId, terms } = account!;
  return traffic.choose({
    rawHeaders: head.rawHeaders,
    applicationId: application.id,
    organizationId: application.organizationId,
    productId,
    planSlug: terms === null ? null : terms.planSlug,
  });
}
