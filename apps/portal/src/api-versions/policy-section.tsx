import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ApiVersionName } from '../api/api-versions.js';
import { policiesQuery } from '../api/policies.js';
import { Facts } from '../components/facts.js';
import { ButtonLink } from '../components/links.js';
import { Loaded } from '../components/loaded.js';
import { Section } from '../components/section.js';
import { LinesSkeleton } from '../components/skeletons.js';
import { policyFacts } from '../policy-editor/policy-facts.js';
import type { PolicyWords } from '../policy-editor/policy-words.js';

/** What gateways do with the calls of a version, and the way to change it. */
export function PolicySection({ version }: { readonly version: ApiVersionName }) {
  const policies = useQuery(policiesQuery(version));
  return (
    <Section
      title="Policies"
      description="What gateways do with its calls."
      actions={
        <ButtonLink to="/publisher/apis/$api/versions/$version/policies" params={version} variant="default" size="xs">
          Change policies
        </ButtonLink>
      }
    >
      <Loaded query={policies} skeleton={<LinesSkeleton lines={2} />}>
        {(read) => {
          const facts = policyFacts(read.policies as PolicyWords);
          return facts.length === 0 ? (
            <Text size="sm" c="dimmed">
              None: callers need an API key, and their calls go to the upstream as they come.
            </Text>
          ) : (
            <Facts entries={facts} />
          );
        }}
      </Loaded>
    </Section>
  );
}
