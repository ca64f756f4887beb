import { Button, Group, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, type Ref, useRef } from 'react';
import { catalogFileHref } from '../../api/catalog-file.js';
import { FileResult } from '../../catalog-file/file-result.js';
import { NamedFiles } from '../../catalog-file/named-files.js';
import { showLine } from '../../catalog-file/show-line.js';
import { type CatalogFileEdit, useCatalogFile } from '../../catalog-file/use-catalog-file.js';
import { VariableFields } from '../../catalog-file/variable-fields.js';
import { DownloadButton } from '../../components/download-button.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { SourceText } from '../../components/source-text.js';
import { Page } from '../../shell/page.js';

/** A request has at most 20 MiB. */
const MOST_MEBIBYTES = 15;

const replacing = 'What is written below is replaced by the catalogue as it is. Go on?';
const leaving = 'What is written here is not applied, and is lost. Leave the page?';

/** What one's teams have, as a file: taken out, compared, applied. */
export function CatalogFilePage(): ReactNode {
  const edit = useCatalogFile();
  const field = useRef<HTMLTextAreaElement>(null);
  useBlocker({
    shouldBlockFn: () => edit.isUnsaved && !window.confirm(leaving),
    enableBeforeUnload: () => edit.isUnsaved,
  });
  return (
    <Page>
      <PageHeader
        title="Catalogue file"
        description="The APIs, products, plans and coupons of your teams as one file, to keep, to review, and to carry to another installation. tollgate diff and tollgate apply take the same file."
      />
      <Stack gap="lg">
        <ExportSection edit={edit} />
        <Section
          title="Apply a file"
          description="What the file does not name stays. A plan that changes becomes a new version, and subscribers stay on theirs."
        >
          <FileForm edit={edit} field={field} />
        </Section>
        <Section title={edit.applied ? 'What has changed' : 'What would change'}>
          <FileResult edit={edit} onShowLine={(line) => field.current && showLine(field.current, line)} />
        </Section>
      </Stack>
    </Page>
  );
}

function ExportSection({ edit: { load, written } }: { readonly edit: CatalogFileEdit }) {
  return (
    <Section title="The catalogue as it is">
      <Text size="sm">
        Everything is in it, OpenAPI documents too. Not in it are secrets, which are variables without a value; sellers
        and tax rates, which are the operator’s; drafts beside a published version of a plan; and earlier versions.
      </Text>
      <Group gap="sm" mt="md">
        <DownloadButton href={catalogFileHref}>Download the file</DownloadButton>
        <Button
          variant="default"
          loading={load.isPending}
          onClick={() => (written.text === '' || window.confirm(replacing)) && load.mutate()}
        >
          Edit it here
        </Button>
      </Group>
      {load.isError && (
        <Stack mt="md">
          <ProblemAlert error={load.error} title="The catalogue could not be read" />
        </Stack>
      )}
    </Section>
  );
}

interface FileFormProps {
  readonly edit: CatalogFileEdit;
  readonly field: Ref<HTMLTextAreaElement>;
}

function FileForm({ edit, field }: FileFormProps) {
  const { written, change, fault, compare, run, isCurrent } = edit;
  return (
    <Stack gap="lg">
      <SourceText
        label="Catalogue file"
        description="Choose a file, or paste its text: YAML or JSON."
        mostMebibytes={MOST_MEBIBYTES}
        rows={16}
        field={field}
        value={written.text}
        onChange={(text) => change({ text })}
        error={fault && `Line ${fault.line}: ${fault.message}`}
        action={null}
      />
      <NamedFiles edit={edit} />
      <VariableFields edit={edit} />
      <Group>
        <Button
          variant={isCurrent ? 'default' : 'filled'}
          disabled={written.text.trim() === '' || fault !== null}
          loading={compare.isPending}
          onClick={run}
        >
          See what would change
        </Button>
      </Group>
    </Stack>
  );
}
