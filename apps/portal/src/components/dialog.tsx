import { Modal, type ModalProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { sessionQuery } from '../api/session.js';

/**
 * A dialog. While it is open, the page behind it can neither be reached nor read out. It stays open while its viewer signs in
 * again above it.
 */
export function Dialog(props: ModalProps) {
  const { opened, closeOnEscape = true } = props;
  const hasEnded = useQuery({ ...sessionQuery, enabled: false }).data?.hasEnded === true;
  useEffect(() => {
    const page = document.getElementById('root');
    if (!opened || !page) return undefined;
    const isBelowAnother = page.hasAttribute('aria-hidden');
    page.setAttribute('aria-hidden', 'true');
    return isBelowAnother ? undefined : () => page.removeAttribute('aria-hidden');
  }, [opened]);
  return <Modal {...props} closeOnEscape={closeOnEscape && !hasEnded} />;
}
