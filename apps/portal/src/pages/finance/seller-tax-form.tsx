import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { sellersQuery, setSellerTax } from '../../api/tax.js';
import type { Seller } from '../../api/types.js';
import { ProblemAlert } from '../../components/problem-alert.js';

/** Who computes the taxes of a seller from now on. */
export function SellerTaxForm({ seller, onDone }: { readonly seller: Seller; readonly onDone: () => void }) {
  const queryClient = useQueryClient();
  const [tax, setTax] = useState(seller.tax);
  const save = useMutation({
    mutationFn: () => setSellerTax(seller.slug, tax),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: sellersQuery.queryKey });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group
          label="Who computes the tax"
          description="Of invoices that are made from now on. Those that are made stay as they are."
          value={tax}
          onChange={(value) => setTax(value as Seller['tax'])}
        >
          <Stack gap="sm" mt="xs">
            <Radio
              value="own"
              label="Own rates"
              description="The rates of this page, in force at the end of the period."
            />
            <Radio
              value="provider"
              label="Stripe Tax"
              description="Stripe computes it by the buyer’s address, before the invoice gets its number. Stripe Tax must be set up in your Stripe account."
            />
          </Stack>
        </Radio.Group>
        {tax === 'provider' && (
          <Text size="sm" c="dimmed">
            An invoice waits as a draft until Stripe has computed its tax, and is held where the address is not enough.
            What is paid by transfer is taxed in the same way, and is not in Stripe’s tax reports.
          </Text>
        )}
        {save.error && <ProblemAlert error={save.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={tax === seller.tax}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
