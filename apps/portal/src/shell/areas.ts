import type { Session } from '../api/types.js';

export interface Area {
  readonly to: '/dashboard' | '/publisher' | '/finance' | '/operator' | '/operator/users';
  readonly label: string;
}

/** The areas behind the sign-in that a session opens, the developer's own first. */
export function areasOf(session: Session): readonly Area[] {
  if (!session.user) return [];
  const isOperator = session.staffRoles.includes('operator');
  const isAdmin = session.staffRoles.includes('admin');
  const areas: (Area & { readonly open: boolean })[] = [
    { to: '/dashboard', label: 'Dashboard', open: session.memberships.length > 0 },
    { to: '/publisher', label: 'Publisher', open: session.publisherTeams.length > 0 },
    { to: '/finance', label: 'Finance', open: session.staffRoles.includes('finance') },
    { to: '/operator', label: 'Operator', open: isOperator },
    // An operator finds them among the pages of the own desk.
    { to: '/operator/users', label: 'Users', open: isAdmin && !isOperator },
  ];
  return areas.filter(({ open }) => open).map(({ to, label }) => ({ to, label }));
}

/** Where someone goes after signing in without having asked for a page: people with a desk go to their desk. */
export function homeOf(session: Session): Area['to'] {
  const open = new Set(areasOf(session).map(({ to }) => to));
  const desks = ['/finance', '/operator', '/publisher', '/operator/users'] as const;
  return desks.find((desk) => open.has(desk)) ?? '/dashboard';
}
