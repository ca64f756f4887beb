import { runWithPackagedNode } from '../../scripts/launcher/install.mjs';

runWithPackagedNode('bench/billing/run.mjs');
