import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { productsQuery } from '../api/catalog.js';
import type { Application, IssuedCredential } from '../api/types.js';
import { SampleCall } from '../catalog/sample-call.js';
import { RevealedSecret } from '../components/revealed-secret.js';

interface RevealedKeyProps {
  readonly issued: Pick<IssuedCredential, 'key' | 'credential'>;
  readonly application: Application;
  readonly onDone: () => void;
}

/** The only time that a key can be seen, with a command that uses it. */
export function RevealedKey({ issued: { key, credential }, application, onDone }: RevealedKeyProps) {
  const { data: products } = useQuery(productsQuery);
  const subscribed = application.subscriptions.find(({ state }) => state === 'active')?.product.slug;
  const product = products?.find(({ slug }) => slug === subscribed) ?? products?.[0];
  const isUsable = credential.mode === 'test' || subscribed !== undefined;
  return (
    <RevealedSecret
      kind="key"
      label="Key"
      secret={key}
      onDone={onDone}
      words={
        <>
          Copy it now and store it like a password. <strong>It is not shown again</strong>; if it is lost, revoke it and
          create another.
        </>
      }
    >
      {isUsable ? (
        <SampleCall product={product} apiKey={key} title="Try it" />
      ) : (
        <Text size="sm" c="dimmed">
          {application.name} has no plan yet. Subscribe to one, and the key works at once.
        </Text>
      )}
    </RevealedSecret>
  );
}
