import { Button, FileButton, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { formatBytes } from '../format/number.js';
import { readBase64 } from '../format/read-base64.js';
import { useFault } from '../plan-editor/field-faults.js';
import { MAX_DESCRIPTOR_BYTES, bytesIn } from './translation-words.js';

interface DescriptorsProps {
  readonly path: string;
  /** In base64. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The descriptors of a gRPC service, as protoc and buf write them into a file. */
export function DescriptorsField({ path, value, onChange }: DescriptorsProps) {
  const [refusal, setRefusal] = useState<string>();
  const fault = useFault(path);
  const choose = async (file: File | null) => {
    if (!file) return;
    if (file.size > MAX_DESCRIPTOR_BYTES) {
      setRefusal(`${file.name} has ${formatBytes(file.size)}, more than ${formatBytes(MAX_DESCRIPTOR_BYTES)}`);
      return;
    }
    try {
      onChange(await readBase64(file));
      setRefusal(undefined);
    } catch {
      setRefusal(`${file.name} could not be read: choose it again`);
    }
  };
  const error = refusal ?? fault;
  return (
    <div role="group" aria-label="Descriptors">
      <Text size="sm" fw={550}>
        Descriptors
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {value === ''
          ? 'None yet: a FileDescriptorSet with all imports, as protoc --include_imports or buf build write it.'
          : `${formatBytes(bytesIn(value))} of a FileDescriptorSet.`}
      </Text>
      <FileButton onChange={(file) => void choose(file)}>
        {(props) => (
          <Button size="xs" variant="default" leftSection={<IconFileUpload size={14} />} {...props}>
            {value === '' ? 'Choose a file' : 'Choose another file'}
          </Button>
        )}
      </FileButton>
      {error !== undefined && (
        <Text size="sm" c="red" mt={4}>
          {error}
        </Text>
      )}
    </div>
  );
}
