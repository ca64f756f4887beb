import { runWithPackagedNode } from '../../scripts/launcher/install.mjs';

runWithPackagedNode('bench/ingest/reads.mjs');
