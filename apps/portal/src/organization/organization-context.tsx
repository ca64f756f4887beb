import { useLocalStorage } from '@mantine/hooks';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Membership } from '../api/types.js';
import { chosenMembership } from './membership.js';

interface Organizations {
  readonly current: Membership;
  readonly memberships: readonly Membership[];
  readonly choose: (organizationId: string) => void;
}

/** Where this browser keeps the organization that its viewer works in. */
export const organizationKey = 'tollgate.organization';

const OrganizationContext = createContext<Organizations | null>(null);

interface OrganizationProviderProps {
  readonly memberships: readonly Membership[];
  readonly children: ReactNode;
  /** For people who belong to no organization. */
  readonly fallback: ReactNode;
}

/** Remembers in this browser which organization its viewer works in. */
export function OrganizationProvider({ memberships, children, fallback }: OrganizationProviderProps) {
  const [chosenId, choose] = useLocalStorage<string | null>({
    key: organizationKey,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const current = chosenMembership(memberships, chosenId);
  const value = useMemo(() => current && { current, memberships, choose }, [current, memberships, choose]);
  if (!value) return fallback;
  return <OrganizationContext value={value}>{children}</OrganizationContext>;
}

/** The organization that the dashboard shows. Only below OrganizationProvider. */
export function useOrganization(): Organizations {
  const organizations = useContext(OrganizationContext);
  if (!organizations) throw new Error('useOrganization is used outside of OrganizationProvider.');
  return organizations;
}

export function useOrganizationId(): string {
  return useOrganization().current.organization.id;
}
