import { useQueryClient } from '@tanstack/react-query';
import { useOrganizationId } from '../organization/organization-context.js';

/** Reads all of the organization again, after credits or what buys them have changed. */
export function useRefreshCredits() {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId] });
}
