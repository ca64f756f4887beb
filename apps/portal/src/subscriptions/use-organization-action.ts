import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useOrganizationId } from '../organization/organization-context.js';

/** Something that is done to what an organization has, and after which all of that is read again. */
export function useOrganizationAction<Result>(act: (organizationId: string) => Promise<Result>) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => act(organizationId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId] }),
  });
}
