import { useLocalStorage } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react';
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
  useTellLost(memberships, current);
  const value = useMemo(() => current && { current, memberships, choose }, [current, memberships, choose]);
  if (!value) return fallback;
  return <OrganizationContext value={value}>{children}</OrganizationContext>;
}

/** Says so when the viewer has left the organization that is shown, or was taken out of it: another one takes its place. */
function useTellLost(memberships: readonly Membership[], current: Membership | null): void {
  const last = useRef(current);
  useEffect(() => {
    const before = last.current?.organization;
    last.current = current;
    if (!before || memberships.some(({ organization }) => organization.id === before.id)) return;
    notifications.show({ message: `You do not belong to ${before.name} any more.` });
  }, [memberships, current]);
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
