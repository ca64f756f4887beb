import { StatusBadge } from '../components/status-badge.js';
import { subscriptionState } from './subscription-state.js';

interface StateBadgeProps {
  readonly state: string;
  readonly isOrganizationSuspended?: boolean;
}

export function StateBadge({ state, isOrganizationSuspended = false }: StateBadgeProps) {
  const { tone, label } = subscriptionState(state, isOrganizationSuspended);
  return <StatusBadge tone={tone}>{label}</StatusBadge>;
}
