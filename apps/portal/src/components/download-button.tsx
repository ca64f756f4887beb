import { Button, type ButtonProps } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

interface DownloadButtonProps extends Pick<ButtonProps, 'size'> {
  readonly href: string;
  /** For screen readers, where several have the same words. */
  readonly label?: string;
  readonly children: string;
}

/** A link that saves a file. */
export function DownloadButton({ href, label, size = 'sm', children }: DownloadButtonProps) {
  return (
    <Button
      component="a"
      href={href}
      download
      variant="default"
      size={size}
      aria-label={label}
      leftSection={<IconDownload size={16} />}
    >
      {children}
    </Button>
  );
}
