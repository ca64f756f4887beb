import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { billingDetailsQuery } from '../../api/tax.js';
import { Dialog } from '../../components/dialog.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { LinesSkeleton } from '../../components/skeletons.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { BillingFacts } from '../../tax/billing-facts.js';
import { BillingDetailsForm } from './billing-details-form.js';

/** Name, address and tax numbers as invoices print them, and the way to change them. */
export function BillingDetailsSection() {
  const { organization, permissions } = useOrganization().current;
  const details = useQuery(billingDetailsQuery(organization.id));
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <Section
      title="Billing details"
      description="The next invoices say this, and are taxed by it."
      actions={
        mayManage(permissions).billing && (
          <Button variant="default" size="sm" onClick={dialog.open} disabled={!details.data}>
            Edit details
          </Button>
        )
      }
    >
      <Loaded query={details} skeleton={<LinesSkeleton lines={4} />}>
        {(loaded) => (
          <>
            <BillingFacts details={loaded} />
            <Dialog opened={isOpen} onClose={dialog.close} title="Billing details" size="lg">
              <BillingDetailsForm organizationId={organization.id} details={loaded} onDone={dialog.close} />
            </Dialog>
          </>
        )}
      </Loaded>
    </Section>
  );
}
