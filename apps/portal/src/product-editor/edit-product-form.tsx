import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Tagged } from '../api/client.js';
import { productToEditQuery, replaceProduct } from '../api/products.js';
import type { ProductToEdit, PublisherApi } from '../api/types.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { formatUnits } from '../format/number.js';
import { TextField } from '../plan-editor/field-faults.js';
import { ProductForm } from './product-form.js';
import { removedApis } from './product-words.js';

interface EditProductFormProps {
  readonly read: Tagged<ProductToEdit>;
  readonly apis: readonly PublisherApi[];
  /** Active ones. */
  readonly subscriptionCount: number;
}

/** A product that is there: what changes, changes at once. */
export function EditProductForm({ read, apis, subscriptionCount }: EditProductFormProps) {
  const queryClient = useQueryClient();
  // What was read stays what is changed: what somebody else has saved since is not overwritten.
  const [saved, setSaved] = useState(read);
  const [words, setWords] = useState(read.words);
  const [asks, setAsks] = useState(false);
  const { slug } = saved;
  const take = (next: Tagged<ProductToEdit>) => {
    setSaved(next);
    setWords(next.words);
    queryClient.setQueryData(productToEditQuery(slug).queryKey, next);
  };
  const save = useMutation({
    mutationFn: () => replaceProduct(slug, saved.etag, words),
    onSuccess: async (next) => {
      take(next);
      setAsks(false);
      await queryClient.invalidateQueries({ queryKey: ['publisher', 'products'] });
    },
    onError: () => setAsks(false),
  });
  const reload = useMutation({
    mutationFn: () => queryClient.fetchQuery({ ...productToEditQuery(slug), staleTime: 0 }),
    onSuccess: (next) => {
      take(next);
      save.reset();
    },
  });
  const removed = removedApis(saved.words, words);
  const losesCallers = removed.length > 0 && subscriptionCount > 0;
  return (
    <>
      <ProductForm
        words={words}
        onChange={setWords}
        apis={apis}
        keptMeters={new Set(saved.words.meters.map((meter) => meter.slug))}
        isChanged={JSON.stringify(words) !== JSON.stringify(saved.words)}
        isPending={save.isPending}
        error={save.error}
        onReload={() => reload.mutate()}
        action="Change at once"
        onSubmit={() => (losesCallers ? setAsks(true) : save.mutate())}
        naming={
          <TextField
            path="title"
            label="Title"
            required
            maxLength={120}
            maw={420}
            value={words.title}
            onChange={(title) => setWords({ ...words, title })}
          />
        }
      />
      <ConfirmDialog
        opened={asks}
        onClose={() => setAsks(false)}
        title={`Take ${removed.join(', ')} out?`}
        action="Take out and change"
        isDangerous
        isPending={save.isPending}
        error={null}
        onConfirm={() => save.mutate()}
      >
        {formatUnits(subscriptionCount, 'subscription')} can no longer call it with this product: from the next second
        on their calls are refused with 403.
      </ConfirmDialog>
    </>
  );
}
