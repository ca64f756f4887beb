import { Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type LeakPolicy, decideLeakPolicy, leakPolicyKey, leakPolicyQuery } from '../api/leak-policy.js';
import { Loaded } from '../components/loaded.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { CardsSkeleton } from '../components/skeletons.js';
import { mayManage } from '../organization/membership.js';
import { useOrganization } from '../organization/organization-context.js';

/** What happens to keys of the organization that are found in public. */
export function LeakPolicySection() {
  const { organization, permissions } = useOrganization().current;
  const policy = useQuery(leakPolicyQuery(organization.id));
  const decide = useDecide(organization.id);
  const isManager = mayManage(permissions).members;
  return (
    <Section
      title="Leaked keys"
      description="Keys of all applications that are found in public code, as reported by the places that search it."
    >
      <Loaded query={policy} skeleton={<CardsSkeleton cards={1} height={100} />}>
        {(decided) => (
          <Stack>
            <Radio.Group
              label="When a key is found"
              value={decide.isPending ? decide.variables.policy : decided.policy}
              onChange={(value) => decide.mutate({ policy: value as LeakPolicy, etag: decided.etag })}
            >
              <Stack gap="xs" mt="xs">
                <Radio
                  value="revoke"
                  label="Revoke it and tell us"
                  description="It stops working within a second, and owners and admins get a mail."
                  disabled={!isManager || decide.isPending}
                />
                <Radio
                  value="alert"
                  label="Only tell us"
                  description="It goes on working until somebody of you revokes or rotates it."
                  disabled={!isManager || decide.isPending}
                />
              </Stack>
            </Radio.Group>
            {!isManager && (
              <Text size="sm" c="dimmed">
                Owners and admins of the organization decide this.
              </Text>
            )}
            {decide.isError && <ProblemAlert error={decide.error} />}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

function useDecide(organizationId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ policy, etag }: { policy: LeakPolicy; etag: string }) =>
      decideLeakPolicy(organizationId, policy, etag),
    onError: () => queryClient.invalidateQueries({ queryKey: leakPolicyKey(organizationId) }),
    onSuccess: (decided) => {
      queryClient.setQueryData(leakPolicyKey(organizationId), decided);
      notifications.show({
        message:
          decided.policy === 'revoke' ? 'Leaked keys are revoked from now on.' : 'Leaked keys are only reported.',
      });
    },
  });
}
