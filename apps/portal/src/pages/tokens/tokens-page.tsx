import type { ReactNode } from 'react';
import { PageHeader } from '../../components/page-header.js';
import { TokensSection } from './tokens-section.js';

export function TokensPage(): ReactNode {
  return (
    <>
      <PageHeader title="Tokens" description="For your programs: they act as you, in all your organizations." />
      <TokensSection />
    </>
  );
}
