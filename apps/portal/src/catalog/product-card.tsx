import { Group, Paper, Text, Title } from '@mantine/core';
import type { Product } from '../api/types.js';
import { placeOf } from '../api-versions/base-path.js';
import { PlainLink, TextLink } from '../components/links.js';
import { startingPriceWords } from './plan-words.js';
import classes from './product-card.module.css';
import { docsHref, latestVersionOf } from './versions.js';

interface ProductCardProps {
  readonly product: Product;
}

export function ProductCard({ product }: ProductCardProps) {
  const api = product.apis[0];
  const version = api && latestVersionOf(api);
  return (
    <Paper component="article" className={classes.card}>
      <Title order={3} className={classes.title}>
        <PlainLink to="/products/$slug" params={{ slug: product.slug }} className={classes.link}>
          {product.title}
        </PlainLink>
      </Title>
      <Text c="dimmed" className={classes.summary}>
        {product.summary}
      </Text>
      {product.tags.length > 0 && (
        <ul className={classes.tags} aria-label="Tags">
          {product.tags.map((tag) => (
            <li key={tag}>{tag}</li>
          ))}
        </ul>
      )}
      <Text size="sm" fw={500}>
        {startingPriceWords(product.plans)}
      </Text>
      <Group gap="lg" mt="md" className={classes.actions}>
        <TextLink to="/products/$slug" params={{ slug: product.slug }} size="sm" fw={500}>
          Plans<span className="visually-hidden"> of {product.title}</span>
        </TextLink>
        {api && version && (
          <a href={docsHref(api.slug, version.name)} className={classes.docs}>
            Read the docs<span className="visually-hidden"> of {product.title}</span>
          </a>
        )}
        <Text size="sm" c="dimmed" ml="auto" className="mono">
          {product.apis
            .flatMap((entry) => latestVersionOf(entry) ?? [])
            .map(placeOf)
            .join('  ')}
        </Text>
      </Group>
    </Paper>
  );
}
