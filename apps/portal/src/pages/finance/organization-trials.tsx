import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { productsQuery } from '../../api/catalog.js';
import { grantTrial } from '../../api/trials.js';
import type { Invoice } from '../../api/types.js';
import { ReasonButton } from '../../components/reason-button.js';
import { Section } from '../../components/section.js';

/** The way to let the payer of an invoice have a trial once more. */
export function OrganizationTrials({ organization }: { readonly organization: Invoice['organization'] }) {
  const { data: products = [] } = useQuery(productsQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const product = chosen ?? products[0]?.slug;
  return (
    <Section
      title="Trials"
      description={`${organization.name} has one trial of each product. A further one is for its next subscription.`}
      actions={
        product !== undefined && (
          <ReasonButton
            label="Give a further trial"
            title={`Give ${organization.name} a further trial`}
            fields={
              <Select
                label="Product"
                data={products.map(({ slug, title }) => ({ value: slug, label: title }))}
                value={product}
                allowDeselect={false}
                onChange={setChosen}
              />
            }
            reasonDescription="For the audit log."
            action="Give the trial"
            run={(reason) => grantTrial(organization.id, { product, reason })}
          >
            Their next subscription to a plan with a trial begins with it again, although they have had one.
          </ReasonButton>
        )
      }
    >
      <Text size="sm" c="dimmed">
        What was given is in the audit log, with the reason.
      </Text>
    </Section>
  );
}
