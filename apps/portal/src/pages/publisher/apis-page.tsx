import { Button, Stack, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconApi, IconVersions } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { publisherApisQuery } from '../../api/api-versions.js';
import type { ListedApiVersion, PublisherApi } from '../../api/types.js';
import { ApiVersionBadge } from '../../api-versions/api-version-state.js';
import { NewApiDialog } from '../../api-versions/new-api-dialog.js';
import { placeOf } from '../../api-versions/base-path.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { DownloadButton } from '../../components/download-button.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { formatDay } from '../../format/date.js';
import { formatQuantity } from '../../format/number.js';
import { Page } from '../../shell/page.js';

const columns = [
  { label: 'Version' },
  { label: 'State' },
  { label: 'Base path' },
  { label: 'Operations', align: 'right' },
  { label: 'Published' },
  { label: 'Switched off on' },
] as const;

/** The APIs of one's teams with their versions, drafts too. */
export function ApisPage(): ReactNode {
  const apis = useQuery(publisherApisQuery);
  const [isAdding, adding] = useDisclosure(false);
  return (
    <Page>
      <PageHeader
        title="APIs"
        description="A version begins as a draft from an OpenAPI document. Publish it for callers, deprecate it when there is a better one, and retire it when nobody needs it any more."
        actions={
          <>
            {apis.data !== undefined && apis.data.length > 0 && (
              <DownloadButton
                href="/api/v1/publisher/catalog"
                label="Export all APIs, products and plans as a catalogue file"
              >
                Export
              </DownloadButton>
            )}
            <Button variant="default" onClick={adding.open}>
              New API
            </Button>
          </>
        }
      />
      <Stack gap="lg">
        <Loaded query={apis} skeleton={<CardsSkeleton cards={1} height={240} />}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState icon={IconApi} title="No APIs yet" action={<Button onClick={adding.open}>New API</Button>}>
                Begin your first with its OpenAPI document, here or in a file with tollgate apply.
              </EmptyState>
            ) : (
              list.map((api) => <ApiSection key={api.slug} api={api} />)
            )
          }
        </Loaded>
      </Stack>
      <NewApiDialog opened={isAdding} onClose={adding.close} />
    </Page>
  );
}

function ApiSection({ api }: { readonly api: PublisherApi }) {
  const { slug, title, products, versions } = api;
  const create = (
    <ButtonLink to="/publisher/apis/$api/new-version" params={{ api: slug }} aria-label={`New version of ${title}`}>
      New version
    </ButtonLink>
  );
  return (
    <Section title={title} description={soldWords(products)} actions={versions.length > 0 && create} flush>
      {versions.length === 0 ? (
        <EmptyState icon={IconVersions} title="No versions yet" action={create}>
          Upload an OpenAPI document to begin the first as a draft.
        </EmptyState>
      ) : (
        <DataTable caption={`Versions of ${title}`} columns={columns} minWidth={760}>
          {versions.map((version) => (
            <VersionRow key={version.id} api={slug} version={version} />
          ))}
        </DataTable>
      )}
    </Section>
  );
}

function VersionRow({ api, version }: { readonly api: string; readonly version: ListedApiVersion }) {
  const { name, state, operationCount, publishedAt, sunsetOn } = version;
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to="/publisher/apis/$api/versions/$version" params={{ api, version: name }} fw={500} size="sm">
          {name}
        </TextLink>
      </Table.Td>
      <Table.Td>
        <ApiVersionBadge state={state} />
      </Table.Td>
      <Table.Td>
        <span className="mono">{placeOf(version)}</span>
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {formatQuantity(operationCount)}
      </Table.Td>
      <Table.Td>{publishedAt === null ? '–' : <DateTime at={publishedAt} format="date" />}</Table.Td>
      <Table.Td className="tabular">{sunsetOn === null ? '–' : formatDay(sunsetOn)}</Table.Td>
    </Table.Tr>
  );
}

function soldWords(products: PublisherApi['products']): string {
  if (products.length === 0) return 'Not sold in any product yet';
  return `Sold in ${products.map(({ title }) => title).join(', ')}`;
}
