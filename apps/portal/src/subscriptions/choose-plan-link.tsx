import { ButtonLink } from '../components/links.js';
import { mayManage } from '../organization/membership.js';
import { useOrganization } from '../organization/organization-context.js';
import { WhoMay } from '../organization/who-may.js';

/** Where there is no plan yet: the way to one, or who can choose it. */
export function ChoosePlanLink() {
  const { permissions } = useOrganization().current;
  if (!mayManage(permissions).applications) return <WhoMay manage="applications" />;
  return (
    <ButtonLink to="/dashboard/subscribe" variant="default">
      Choose a plan
    </ButtonLink>
  );
}
