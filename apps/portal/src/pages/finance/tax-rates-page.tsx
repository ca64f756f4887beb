import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconReceiptTax } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { sellersQuery } from '../../api/tax.js';
import type { Seller, TaxRate } from '../../api/types.js';
import { useNow } from '../../clock/use-now.js';
import { DataTable } from '../../components/data-table.js';
import { Dialog } from '../../components/dialog.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { countryName } from '../../format/country.js';
import { formatDay } from '../../format/date.js';
import { Page } from '../../shell/page.js';
import { placeCode, taxCategories } from '../../tax/tax-words.js';
import { SellerTaxForm } from './seller-tax-form.js';
import { AddTaxRateForm, EndTaxRateForm } from './tax-rate-forms.js';

const columns = [
  { label: 'Place' },
  { label: 'Tax' },
  { label: 'Per cent', align: 'right' },
  { label: 'From (UTC)' },
  { label: 'Until (UTC)' },
  { label: 'Actions', align: 'right', silent: true },
] as const;

/** What each seller charges of tax, where and when. */
export function TaxRatesPage(): ReactNode {
  const sellers = useQuery(sellersQuery);
  return (
    <Page>
      <PageHeader
        title="Tax rates"
        description="Invoices are taxed by the rates that are in force at the end of their period, or by Stripe Tax. Where a seller has no rate, nothing is charged."
      />
      <Loaded query={sellers} skeleton={<TableSkeleton rows={4} />}>
        {(list) => (
          <Stack gap="lg">
            {list.map((seller) => (
              <SellerRates key={seller.slug} seller={seller} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function SellerRates({ seller }: { readonly seller: Seller }) {
  const [isOpen, dialog] = useDisclosure(false);
  const [isSourceOpen, source] = useDisclosure(false);
  const [ending, setEnding] = useState<TaxRate | null>(null);
  return (
    <Section
      flush
      title={seller.name}
      description={[seller.country ? countryName(seller.country) : 'No country', seller.taxId ?? 'no tax number'].join(
        ', ',
      )}
      actions={
        <Group gap="xs">
          <Button size="sm" variant="default" onClick={source.open}>
            {seller.tax === 'own' ? 'Own rates' : 'Stripe Tax'}: change
          </Button>
          {/* While Stripe computes the tax there is nothing that a rate would do today. */}
          <Button size="sm" variant={seller.tax === 'own' ? 'filled' : 'default'} onClick={dialog.open}>
            Add a rate
          </Button>
        </Group>
      }
    >
      {seller.tax === 'provider' && (
        <Alert color="blue" icon={<IconReceiptTax size={20} />} title="Stripe computes the tax" m="md">
          Invoices of this seller are taxed by Stripe Tax
          {seller.taxRates.length > 0 && ', and the rates below count for nothing until it taxes by its own again'}.
        </Alert>
      )}
      {seller.taxRates.length === 0 && seller.tax === 'own' && (
        <EmptyState icon={IconReceiptTax} title="No tax">
          Invoices of this seller charge none until it has a rate.
        </EmptyState>
      )}
      {seller.taxRates.length > 0 && (
        <DataTable caption={`Tax rates of ${seller.name}`} columns={columns}>
          {seller.taxRates.map((rate) => (
            <RateRow key={rate.id} rate={rate} onEnd={() => setEnding(rate)} />
          ))}
        </DataTable>
      )}
      <Dialog opened={isOpen} onClose={dialog.close} title={`Add a rate of ${seller.name}`}>
        <AddTaxRateForm seller={seller} onDone={dialog.close} />
      </Dialog>
      <Dialog opened={isSourceOpen} onClose={source.close} title={`Tax of ${seller.name}`}>
        <SellerTaxForm seller={seller} onDone={source.close} />
      </Dialog>
      <Dialog opened={ending !== null} onClose={() => setEnding(null)} title="When the rate ends">
        {ending && <EndTaxRateForm rate={ending} onDone={() => setEnding(null)} />}
      </Dialog>
    </Section>
  );
}

function RateRow({ rate, onEnd }: { readonly rate: TaxRate; readonly onEnd: () => void }) {
  const { country, region, category, name, percent, taxId, note, validFrom, validTo } = rate;
  const now = useNow(30_000);
  const isOver = validTo !== null && new Date(validTo) <= now;
  return (
    <Table.Tr {...(isOver && { c: 'dimmed' })}>
      <Table.Td title={placeCode(country, region)}>
        {countryName(country)}
        {region && ` (${region})`}
      </Table.Td>
      <Table.Td>
        <div>
          {name}, {taxCategories[category].toLowerCase()}
          {[taxId, note].filter(Boolean).map((line) => (
            <Text key={line} size="xs" c="dimmed">
              {line}
            </Text>
          ))}
        </div>
      </Table.Td>
      <Table.Td ta="right">{percent} %</Table.Td>
      <Table.Td>
        <div>
          {formatDay(validFrom.slice(0, 10))}{' '}
          {new Date(validFrom) > now && <StatusBadge tone="info">To come</StatusBadge>}
        </div>
      </Table.Td>
      <Table.Td>{validTo ? formatDay(validTo.slice(0, 10)) : 'No end'}</Table.Td>
      <Table.Td ta="right">
        <Button variant="subtle" size="xs" onClick={onEnd}>
          {validTo ? 'Change end' : 'End'}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
