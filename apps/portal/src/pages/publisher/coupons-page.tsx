import { Button, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconDiscount } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { couponsQuery } from '../../api/coupons.js';
import type { Coupon } from '../../api/types.js';
import { couponState, couponWords, redeemedWords } from '../../catalog/coupon-words.js';
import { useNow } from '../../clock/use-now.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ShowMore } from '../../components/show-more.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { Page } from '../../shell/page.js';
import { ChangeCouponDialog } from './change-coupon-dialog.js';
import { CreateCouponDialog } from './create-coupon-dialog.js';

const columns = [
  { label: 'Coupon' },
  { label: 'For' },
  { label: 'Codes' },
  { label: 'Redeemed', align: 'right' },
  { label: 'Until' },
  { label: 'State' },
  { label: 'Actions', silent: true },
] as const;

/** What the publisher gives off, the codes for it, and how often they were used. */
export function CouponsPage(): ReactNode {
  const coupons = useInfiniteQuery(couponsQuery);
  const [creating, dialog] = useDisclosure(false);
  const [changedId, setChangedId] = useState<string | null>(null);
  const create = <Button onClick={dialog.open}>New coupon</Button>;
  return (
    <Page>
      <PageHeader
        title="Coupons"
        description="Whoever subscribes with a code pays less, once or for some months. What a coupon takes off is fixed; how often and until when it is redeemed can change."
      />
      <Section title="Coupons and codes" actions={(coupons.data?.length ?? 0) > 0 && create} flush>
        <Loaded query={coupons} skeleton={<TableSkeleton rows={3} />}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState icon={IconDiscount} title="No coupons yet" action={create}>
                Say what is taken off, of which plans and for how long, and give out codes for it.
              </EmptyState>
            ) : (
              <DataTable caption="Coupons" columns={columns} minWidth={820}>
                {list.map((coupon) => (
                  <CouponRow key={coupon.id} coupon={coupon} onChange={() => setChangedId(coupon.id)} />
                ))}
              </DataTable>
            )
          }
        </Loaded>
        <ShowMore query={coupons} />
      </Section>
      <CreateCouponDialog opened={creating} onClose={dialog.close} />
      <ChangeCouponDialog
        coupon={coupons.data?.find(({ id }) => id === changedId) ?? null}
        onClose={() => setChangedId(null)}
      />
    </Page>
  );
}

function CouponRow({ coupon, onChange }: { readonly coupon: Coupon; readonly onChange: () => void }) {
  const state = couponState(coupon, useNow(60_000).getTime());
  const codes = coupon.codes.filter(({ archivedAt }) => archivedAt === null);
  return (
    <Table.Tr>
      <Table.Td>
        <div>
          <Text size="sm" fw={500}>
            {coupon.title}
          </Text>
          <Text size="xs" c="dimmed">
            {couponWords(coupon)}
          </Text>
        </div>
      </Table.Td>
      <Table.Td>{coupon.offers.length === 0 ? 'All plans' : coupon.offers.join(', ')}</Table.Td>
      <Table.Td>
        <Text span ff="monospace" fz="xs">
          {codes.length === 0 ? 'None' : codesWords(codes.map(({ code }) => code))}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{redeemedWords(coupon)}</Table.Td>
      <Table.Td>{coupon.expiresAt === null ? 'No end' : <DateTime at={coupon.expiresAt} format="date" />}</Table.Td>
      <Table.Td>
        <StatusBadge tone={state.tone}>{state.label}</StatusBadge>
      </Table.Td>
      <Table.Td ta="right">
        <Group justify="flex-end">
          <Button size="xs" variant="default" aria-label={`Change ${coupon.title}`} onClick={onChange}>
            Change
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function codesWords(codes: readonly string[]): string {
  const shown = codes.slice(0, 3).join(', ');
  return codes.length > 3 ? `${shown} and ${codes.length - 3} more` : shown;
}
