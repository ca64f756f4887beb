import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PlainLink } from '../../components/links.js';
import { AreaTabs, areaTab } from '../../shell/area-tabs.js';
import { Page } from '../../shell/page.js';

/** What belongs to the person who is signed in, not to an organization. */
export function SettingsLayout(): ReactNode {
  return (
    <>
      <AreaTabs label="Settings">
        <PlainLink to="/settings" activeOptions={{ exact: true }} className={areaTab}>
          Profile
        </PlainLink>
        <PlainLink to="/settings/security" className={areaTab}>
          Security
        </PlainLink>
        <PlainLink to="/settings/tokens" className={areaTab}>
          Tokens
        </PlainLink>
        <PlainLink to="/settings/data" className={areaTab}>
          Your data
        </PlainLink>
      </AreaTabs>
      <Page narrow>
        <Outlet />
      </Page>
    </>
  );
}
