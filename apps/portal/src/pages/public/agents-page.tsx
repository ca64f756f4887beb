import { Code, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { agentSnippets } from '../../agents/agent-snippets.js';
import { productsQuery } from '../../api/catalog.js';
import { settingsQuery } from '../../api/settings.js';
import { CodeBlock } from '../../components/code-block.js';
import { CodeChoice } from '../../components/code-choice.js';
import { TextLink } from '../../components/links.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { Page } from '../../shell/page.js';

const READING = [
  ['list_products, get_product', 'products, plans, prices and limits'],
  ['search_docs, list_operations, get_operation', 'operations with their parameters, answers and what a call costs'],
  ['list_guides, read_guide, list_changes', 'guides, and what changed between versions'],
  ['estimate_cost', 'what a month of a plan would cost'],
] as const;
const CALLING = [
  ['call_operation', 'calls an operation and brings its answer, receipt and limits'],
  ['get_usage', 'units used, quotas left, and the cost of the period so far'],
] as const;

/** How agents use the portal: the address of its MCP endpoint, and what common clients are told of it. */
export function AgentsPage(): ReactNode {
  const { data: products } = useQuery(productsQuery);
  const { data: settings } = useQuery(settingsQuery);
  const url = `${window.location.origin}/mcp`;
  const apis = [...new Set((products ?? []).flatMap((product) => product.apis.map(({ slug }) => slug)))];
  return (
    <Page narrow>
      <PageHeader
        title="Use with an AI agent"
        description="Agents find APIs here, read their documentation and call them with your key, under your plan, by the Model Context Protocol (MCP)."
        above={<TextLink to="/docs">Documentation</TextLink>}
      />
      <Stack gap="xl">
        <Section title="Connect" description="The transport is Streamable HTTP. Reading needs no key.">
          <Stack gap="md">
            <CodeBlock title="MCP endpoint" code={url} copyLabel="Copy address" />
            <CodeChoice
              title="Settings of your client"
              label="Client"
              options={agentSnippets(url, settings?.portalName ?? '')}
              minLines={4}
            />
            <Text size="sm">
              Keys are made with an{' '}
              <TextLink to="/dashboard/applications" size="sm" underline="always">
                application
              </TextLink>
              . Test keys (<Code>tg_test_…</Code>) cost nothing; calls with live keys (<Code>tg_live_…</Code>) are
              billed as any others. Keep keys out of prompts and out of repositories: they belong in your client’s
              settings.
            </Text>
          </Stack>
        </Section>
        <Section title="What agents can do">
          <Stack gap="md">
            <ToolList title="Without a key" tools={READING} />
            <ToolList title="With a key" tools={CALLING} />
            {apis[0] !== undefined && (
              <Text size="sm">
                With one tool for each operation of an API instead: <Code>{`${url}/${apis[0]}`}</Code>
                {apis.length > 1 && ', and so for '}
                {apis.slice(1, 6).map((slug, index) => (
                  <span key={slug}>
                    {index > 0 && ', '}
                    <Code>{slug}</Code>
                  </span>
                ))}
                {apis.length > 6 && ' and others'}.
              </Text>
            )}
          </Stack>
        </Section>
        <Section title="Before you let it loose">
          <List size="sm" spacing="xs">
            <List.Item>
              Begin with a test key. Give a live key an end, the operations that the agent needs, and its addresses.
            </List.Item>
            <List.Item>
              Set a{' '}
              <TextLink to="/dashboard" size="sm" underline="always">
                cap on spending
              </TextLink>{' '}
              for the subscription: the gateway refuses what lies beyond it, whoever calls.
            </List.Item>
            <List.Item>
              Operations other than GET are marked as able to change or delete data. Let your client ask you first.
            </List.Item>
            <List.Item>
              Documents and answers are what others wrote. Invisible characters are taken out and lengths are bounded,
              but an agent that also reads your secrets can still be talked into passing them on.
            </List.Item>
          </List>
        </Section>
      </Stack>
    </Page>
  );
}

function ToolList({
  title,
  tools,
}: {
  readonly title: string;
  readonly tools: readonly (readonly [string, string])[];
}) {
  return (
    <div>
      <Text fw={550} size="sm" mb={4}>
        {title}
      </Text>
      <List size="sm" spacing={4}>
        {tools.map(([names, words]) => (
          <List.Item key={names}>
            {names.split(', ').map((name, index) => (
              <span key={name}>
                {index > 0 && ', '}
                <Code>{name}</Code>
              </span>
            ))}
            : {words}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
