import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { setTaxCode } from '../api/plans.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';

interface TaxCodeDialogProps {
  readonly product: { readonly slug: string; readonly title: string; readonly taxCode: string | null };
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** As what Stripe taxes a product. */
export function TaxCodeDialog({ product, opened, onClose }: TaxCodeDialogProps) {
  const queryClient = useQueryClient();
  const [taxCode, setCode] = useState(product.taxCode ?? '');
  const save = useMutation({
    mutationFn: () => setTaxCode(product.slug, taxCode.trim() || null),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['publisher', 'products'] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={`Tax code of ${product.title}`}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Tax code"
            description="As what Stripe Tax taxes it, such as txcd_10103001; empty for the default of the account there. Sellers with rates of their own do not use it."
            placeholder="txcd_10103001"
            data-autofocus
            maxLength={13}
            value={taxCode}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          {save.isError && <ProblemAlert error={save.error} title="Not saved" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
