import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { faultsByField } from '../api/problem.js';
import { createProduct, productToEditQuery } from '../api/products.js';
import type { PublisherApi } from '../api/types.js';
import { NameFields } from '../components/name-fields.js';
import classes from '../plan-editor/plan-editor.module.css';
import { ProductForm } from './product-form.js';
import { emptyWords } from './product-words.js';
import { TeamSelect } from './team-select.js';

const noMeters: ReadonlySet<string> = new Set();

/** A product to begin with: nobody else sees it until a plan of it is published. */
export function NewProductForm({ apis }: { readonly apis: readonly PublisherApi[] }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [words, setWords] = useState(emptyWords);
  const [slug, setSlug] = useState('');
  const [publisher, setPublisher] = useState('');
  const create = useMutation({
    mutationFn: () => createProduct({ slug, publisher, words }),
    onSuccess: async (product) => {
      queryClient.setQueryData(productToEditQuery(product.slug).queryKey, product);
      await queryClient.invalidateQueries({ queryKey: ['publisher'] });
      await navigate({ to: '/publisher', ignoreBlocker: true });
    },
  });
  const faults = faultsByField(create.error);
  return (
    <ProductForm
      words={words}
      onChange={setWords}
      apis={apis}
      keptMeters={noMeters}
      isChanged={words !== emptyWords}
      isPending={create.isPending}
      error={create.error}
      action="Create product"
      onSubmit={() => create.mutate()}
      naming={
        <div className={classes.fields}>
          <NameFields
            names={{ title: words.title, slug }}
            faults={faults}
            description="What people read."
            onChange={(names) => {
              setSlug(names.slug);
              setWords({ ...words, title: names.title });
            }}
          />
          <TeamSelect value={publisher} error={faults['publisher']} onChange={setPublisher} />
        </div>
      }
    />
  );
}
