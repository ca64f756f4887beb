import type { Session } from '../api/types.js';

type DeskPath =
  | '/publisher'
  | '/publisher/apis'
  | '/publisher/coupons'
  | '/publisher/catalog-file'
  | '/finance'
  | '/finance/organizations'
  | '/finance/transfers'
  | '/finance/tax'
  | '/finance/reports'
  | '/operator'
  | '/operator/queues'
  | '/operator/settings'
  | '/operator/users';

interface DeskPage {
  readonly to: DeskPath;
  readonly label: string;
}

export interface Desk {
  /** The address of its first page, below which the others are. */
  readonly to: DeskPath;
  readonly label: string;
  readonly pages: readonly DeskPage[];
}

/** The desk that an address belongs to, with the pages that the session opens; undefined where there is nothing to choose. */
export function deskAt(pathname: string, session: Session): Desk | undefined {
  if (!session.user) return undefined;
  const desk = desksOf(session).find(({ to }) => isBelow(pathname, to));
  return desk && desk.pages.length > 1 ? desk : undefined;
}

/** The page of a desk whose tab is marked: the first one too for what has no tab of its own, such as an invoice. */
export function openPageOf(desk: Desk, pathname: string): DeskPath {
  const [, ...others] = desk.pages;
  return others.find(({ to }) => isBelow(pathname, to))?.to ?? desk.to;
}

function desksOf({ staffRoles, publisherTeams }: Session): Desk[] {
  const isOperator = staffRoles.includes('operator');
  return [
    {
      to: '/publisher',
      label: 'Publisher',
      pages:
        publisherTeams.length > 0
          ? [
              { to: '/publisher', label: 'Overview' },
              { to: '/publisher/apis', label: 'APIs' },
              { to: '/publisher/coupons', label: 'Coupons' },
              { to: '/publisher/catalog-file', label: 'Catalogue file' },
            ]
          : [],
    },
    {
      to: '/finance',
      label: 'Finance',
      pages: staffRoles.includes('finance')
        ? [
            { to: '/finance', label: 'Overview' },
            { to: '/finance/organizations', label: 'Organizations' },
            { to: '/finance/transfers', label: 'Transfers' },
            { to: '/finance/tax', label: 'Tax rates' },
            { to: '/finance/reports', label: 'Reports and exports' },
          ]
        : [],
    },
    {
      to: '/operator',
      label: 'Operator',
      pages: [
        ...(isOperator
          ? ([
              { to: '/operator', label: 'Overview' },
              { to: '/operator/queues', label: 'Queues' },
              { to: '/operator/settings', label: 'Settings' },
            ] as const)
          : []),
        ...(staffRoles.includes('admin') ? ([{ to: '/operator/users', label: 'Users' }] as const) : []),
      ],
    },
  ];
}

function isBelow(pathname: string, to: string): boolean {
  return pathname === to || pathname.startsWith(`${to}/`);
}
