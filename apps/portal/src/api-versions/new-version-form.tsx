import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { apiVersionQuery, createApiVersion, publisherApisQuery } from '../api/api-versions.js';
import type { PublisherApi } from '../api/types.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { suggestBasePath } from './base-path.js';
import { CheckResult } from './check-result.js';
import { refusedFields } from './refused-fields.js';
import { SourceField } from './source-field.js';
import { useDocumentCheck } from './use-document-check.js';

const NONE = '';

/** From a document to a draft: what it is, what it would change, and where it is going to be. */
export function NewVersionForm({ api }: { readonly api: PublisherApi }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const newest = api.versions[0];
  const check = useDocumentCheck(api.slug);
  const [name, setName] = useState('');
  const [editedPath, setEditedPath] = useState<string | null>(null);
  const [host, setHost] = useState(newest?.host ?? '');
  const [like, setLike] = useState(newest?.name ?? NONE);
  const [upstreamUrl, setUpstreamUrl] = useState('');
  const [header, setHeader] = useState(newest?.versionHeader?.name ?? '');
  const isToldByHeader = header.trim() !== '';
  // It follows the name until somebody writes another.
  const suggested = suggestBasePath(newest?.basePath ?? `/${api.slug}/`, name.trim());
  const basePath = editedPath ?? (isToldByHeader && newest ? newest.basePath : suggested);
  const create = useMutation({
    mutationFn: () =>
      createApiVersion(api.slug, {
        name: name.trim(),
        basePath: basePath.trim(),
        host: host.trim() || null,
        ...(isToldByHeader && { versionHeader: { name: header.trim(), default: false } }),
        like: like === NONE ? null : like,
        upstreamUrl: upstreamUrl.trim() || null,
        source: check.source,
      }),
    onSuccess: async (created) => {
      const version = { api: api.slug, version: created.name };
      queryClient.setQueryData(apiVersionQuery(version).queryKey, created);
      await queryClient.invalidateQueries({ queryKey: publisherApisQuery.queryKey });
      await navigate({ to: '/publisher/apis/$api/versions/$version', params: version });
    },
  });
  const refused = refusedFields(create.error);
  const isOfSource = create.isError && refused.source !== undefined && check.isCurrent;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (check.isCurrent) create.mutate();
  };
  return (
    <Stack gap="lg">
      <Section title="1. The document" description="OpenAPI 3.0 or 3.1. Checking it saves nothing.">
        <SourceField check={check} fault={isOfSource ? refused.source : undefined} />
      </Section>
      <Section title="2. What it says">
        <CheckResult check={check} />
      </Section>
      <Section title="3. The version" description="A draft: nobody but you sees it, and calls of it get 404.">
        <form onSubmit={submit}>
          <Stack>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput
                label="Name"
                description="Short, such as v3 or 2026-11. It never changes."
                required
                maxLength={32}
                autoComplete="off"
                value={name}
                error={refused.name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <TextInput
                label="Base path"
                description="What its addresses begin with at the gateway."
                required
                autoComplete="off"
                value={basePath}
                error={refused.basePath}
                onChange={(event) => setEditedPath(event.currentTarget.value)}
              />
              <TextInput
                label="Host"
                description="Only requests for this host; empty for any."
                autoComplete="off"
                placeholder="api.example.com"
                value={host}
                error={refused.host}
                onChange={(event) => setHost(event.currentTarget.value)}
              />
              <Select
                label="Upstream and policies"
                description="With the guides of that version."
                allowDeselect={false}
                data={[
                  ...api.versions.map((version) => ({ value: version.name, label: `As in ${version.name}` })),
                  { value: NONE, label: 'None' },
                ]}
                value={like}
                onChange={(value) => value !== null && setLike(value)}
              />
            </SimpleGrid>
            <TextInput
              label="Version header"
              description="What callers send the name of the version in, where several are at one base path; else empty."
              autoComplete="off"
              placeholder="X-API-Version"
              value={header}
              error={refused.versionHeader}
              onChange={(event) => setHeader(event.currentTarget.value)}
            />
            <TextInput
              label={like === NONE ? 'Upstream' : 'Another upstream'}
              description={
                like === NONE
                  ? 'Where its requests go: scheme, host and maybe a path.'
                  : `Where its requests go instead. The credential of the upstream of ${like} stays behind then.`
              }
              required={like === NONE}
              type="url"
              autoComplete="off"
              placeholder="https://internal.example.com/v3"
              value={upstreamUrl}
              error={refused.upstreamUrl}
              onChange={(event) => setUpstreamUrl(event.currentTarget.value)}
            />
            {create.isError && Object.keys(refused).length === 0 && (
              <ProblemAlert error={create.error} title="Not created" />
            )}
            <Group justify="flex-end" gap="md">
              {!check.isCurrent && (
                <Text size="sm" c="dimmed">
                  {check.last ? 'The document has changed: check it again.' : 'The document has to be checked first.'}
                </Text>
              )}
              <Button type="submit" disabled={!check.isCurrent} loading={create.isPending}>
                Create draft
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
    </Stack>
  );
}
