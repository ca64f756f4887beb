import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ApiVersionName } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';
import type { TrafficSplit, VersionSplits } from '../api/types.js';
import { Section } from '../components/section.js';
import { EverythingToDialog } from './everything-to-dialog.js';
import { SharesDialog } from './shares-dialog.js';
import { sharesWords, splitName, splitsElsewhere, stableOf } from './shares.js';
import { SplitBar } from './split-bar.js';
import classes from './traffic.module.css';

export interface SplitSectionProps {
  readonly version: ApiVersionName;
  readonly splits: Tagged<VersionSplits>;
}

interface Asked {
  /** The split whose shares are to be changed; "everything" for all calls to the stable subset. */
  readonly what: TrafficSplit | 'everything';
  /** As it was seen then: what is read meanwhile must not be changed unseen. */
  readonly splits: Tagged<VersionSplits>;
  /** Each time is a new dialog. */
  readonly time: number;
}

/** The split in force, and the ways to change it. */
export function SplitSection({ version, splits }: SplitSectionProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isOpen, setOpen] = useState(false);
  const stable = stableOf(splits);
  const ask = (what: Asked['what']) => () => {
    setAsked({ what, splits, time: (asked?.time ?? 0) + 1 });
    setOpen(true);
  };
  const dialog = asked && { version, splits: asked.splits, opened: isOpen, onClose: () => setOpen(false) };
  return (
    <Section
      title="Split in force"
      description="The first rule that matches a call decides. Shares are of applications: each stays with one subset."
      actions={
        <Button
          color="red"
          variant="light"
          disabled={splitsElsewhere(splits, stable).length === 0}
          onClick={ask('everything')}
        >
          Send everything to {stable}
        </Button>
      }
    >
      {splits.splits.map((split) => (
        <Split
          key={split.rule ?? ''}
          split={split}
          subsets={splits.subsets.map(({ name }) => name)}
          isAlone={splits.splits.length === 1}
          onChange={ask(split)}
        />
      ))}
      {asked && dialog && asked.what === 'everything' && (
        <EverythingToDialog key={asked.time} subset={stableOf(asked.splits)} {...dialog} />
      )}
      {asked && dialog && asked.what !== 'everything' && (
        <SharesDialog key={asked.time} split={asked.what} {...dialog} />
      )}
    </Section>
  );
}

interface SplitProps {
  readonly split: TrafficSplit;
  readonly subsets: readonly string[];
  readonly isAlone: boolean;
  readonly onChange: () => void;
}

function Split({ split: { rule, shares, writtenShares }, subsets, isAlone, onChange }: SplitProps) {
  const name = splitName(rule, isAlone);
  return (
    <div className={classes.split} data-testid={`split-${rule ?? 'others'}`}>
      <div className={classes.splitHead}>
        <div>
          <h3 className={classes.splitName}>{name}</h3>
          <div className="tabular">{shares.length === 0 ? 'Refused with 404' : sharesWords(shares)}</div>
        </div>
        {shares.length > 0 && (
          <Button variant="default" size="xs" onClick={onChange} aria-label={`Change shares: ${name}`}>
            Change shares
          </Button>
        )}
      </div>
      {shares.length > 0 && <SplitBar shares={shares} subsets={subsets} />}
      {writtenShares && (
        <p className={classes.note}>
          Changed here: the version was written with {sharesWords(writtenShares)}. A catalogue file that still says so
          leaves this as it is.
        </p>
      )}
    </div>
  );
}
