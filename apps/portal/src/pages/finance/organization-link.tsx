import type { Invoice } from '../../api/types.js';
import { TextLink } from '../../components/links.js';

interface OrganizationLinkProps {
  readonly organization: Invoice['organization'];
  readonly fw?: number;
}

/** From the name of an organization to what finance knows and decides of it. */
export function OrganizationLink({ organization: { id, name }, fw = 400 }: OrganizationLinkProps) {
  return (
    <TextLink to="/finance/organizations/$organizationId" params={{ organizationId: id }} size="sm" fw={fw}>
      {name}
    </TextLink>
  );
}
