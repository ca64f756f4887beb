import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.js';
import { PlainLink } from '../components/links.js';
import { AreaTabs, areaTab } from './area-tabs.js';
import { deskAt, openPageOf } from './desks.js';

/** The pages of the publisher's, the finance or the operator's desk, on each of its pages; nothing elsewhere. */
export function DeskTabs() {
  const { data: session } = useQuery(sessionQuery);
  const pathname = useLocation({ select: (location) => location.pathname });
  const desk = session && deskAt(pathname, session);
  if (!desk) return null;
  const open = openPageOf(desk, pathname);
  return (
    <AreaTabs label={desk.label}>
      {desk.pages.map(({ to, label }) => (
        <PlainLink
          key={to}
          to={to}
          className={areaTab}
          activeOptions={{ exact: to === desk.to, includeSearch: false }}
          {...(to === open && { 'data-status': 'active' })}
        >
          {label}
        </PlainLink>
      ))}
    </AreaTabs>
  );
}
