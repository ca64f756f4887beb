import { Button, Group, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTag } from '@tabler/icons-react';
import type { PublisherProduct } from '../../api/types.js';
import { priceHeadline, quotaWords, shortLimitWords, usageLines } from '../../catalog/plan-words.js';
import { DataTable } from '../../components/data-table.js';
import { DownloadButton } from '../../components/download-button.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Section } from '../../components/section.js';
import { formatUnits } from '../../format/number.js';
import { NewPlanDialog } from '../../plan-editor/new-plan-dialog.js';
import { TaxCodeDialog } from '../../plan-editor/tax-code-dialog.js';
import { VersionList } from '../public/version-list.js';

const columns = [
  { label: 'Plan' },
  { label: 'Version' },
  { label: 'Price' },
  { label: 'Usage' },
  { label: 'Limits' },
] as const;

/** One product with its plans and API versions. */
export function PublishedProduct({ product }: { readonly product: PublisherProduct }) {
  const { meters } = product;
  const [isAdding, adding] = useDisclosure(false);
  const [isTaxing, taxing] = useDisclosure(false);
  return (
    <Section
      title={product.title}
      description={[formatUnits(product.subscriptionCount, 'subscription'), product.summary]
        .filter(Boolean)
        .join(' · ')}
      actions={
        <Group gap="md">
          {product.plans.length > 0 && (
            <TextLink to="/products/$slug" params={{ slug: product.slug }} size="sm" fw={500}>
              View in the portal
            </TextLink>
          )}
          <TextLink to="/publisher/products/$slug/edit" params={{ slug: product.slug }} size="sm" fw={500}>
            Edit
          </TextLink>
          <TextLink to="/publisher/products/$slug/usage" params={{ slug: product.slug }} size="sm" fw={500}>
            Usage
          </TextLink>
          <TextLink to="/publisher/products/$slug/revenue" params={{ slug: product.slug }} size="sm" fw={500}>
            Revenue
          </TextLink>
          <DownloadButton
            href={`/api/v1/publisher/catalog?product=${encodeURIComponent(product.slug)}`}
            label={`Export ${product.title} as a catalogue file`}
            size="xs"
          >
            Export
          </DownloadButton>
          <Button size="xs" variant="default" onClick={taxing.open}>
            Tax code
          </Button>
          <Button size="xs" variant="default" onClick={adding.open}>
            New plan
          </Button>
        </Group>
      }
      flush
    >
      {product.plans.length === 0 ? (
        <EmptyState icon={IconTag} title="No published plan" action={<Button onClick={adding.open}>New plan</Button>}>
          Nobody can subscribe to the product until one is published.
        </EmptyState>
      ) : (
        <DataTable caption={`Plans of ${product.title}`} columns={columns} minWidth={820}>
          {product.plans.map((plan) => {
            const { definition, number } = plan.version;
            const limits = [
              ...shortLimitWords(definition),
              ...definition.quotas.map((quota) => quotaWords(quota, meters)),
            ];
            return (
              <Table.Tr key={plan.id} style={{ verticalAlign: 'top' }}>
                <Table.Td fw={500}>{plan.title}</Table.Td>
                <Table.Td className="tabular">{number}</Table.Td>
                <Table.Td className="tabular">{priceHeadline(plan).amount}</Table.Td>
                <Table.Td>
                  <Lines lines={usageLines(definition, meters)} />
                </Table.Td>
                <Table.Td>
                  <Lines lines={limits} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </DataTable>
      )}
      <VersionList apis={product.apis} />
      <NewPlanDialog
        product={product}
        currency={product.plans[0]?.version.definition.currency ?? 'USD'}
        opened={isAdding}
        onClose={adding.close}
      />
      <TaxCodeDialog product={product} opened={isTaxing} onClose={taxing.close} />
    </Section>
  );
}

/** One block: on phones the cell puts its parts beside each other. */
function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return '–';
  return (
    <div>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}
