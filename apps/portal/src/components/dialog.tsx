import { Modal, type ModalProps } from '@mantine/core';
import { useEffect } from 'react';

/** A dialog. While it is open, the page behind it can neither be reached nor read out. */
export function Dialog(props: ModalProps) {
  const { opened } = props;
  useEffect(() => {
    const page = document.getElementById('root');
    if (!opened || !page) return undefined;
    page.setAttribute('aria-hidden', 'true');
    return () => page.removeAttribute('aria-hidden');
  }, [opened]);
  return <Modal {...props} />;
}
