import { useState } from 'react';
import { MoreHorizontal, PenLine, ThumbsUp } from 'lucide-react';
import { ActionBar } from '../../components/action-bar.tsx';
import { BarList } from '../../components/bar-list.tsx';
import { Button, IconButton, LinkButton } from '../../components/button.tsx';
import { Checkbox, RadioGroup, SegmentedControl, Switch } from '../../components/choice.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { useConfirm } from '../../components/confirm.tsx';
import { DescriptionList } from '../../components/description-list.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Field, Input, Select, TextArea } from '../../components/field.tsx';
import { Markdown } from '../../components/markdown.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../components/menu.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Meter, ProgressBar } from '../../components/progress.tsx';
import { Section } from '../../components/section.tsx';
import { ListSkeleton } from '../../components/skeleton.tsx';
import { Badge, StatusBadge } from '../../components/status-badge.tsx';
import { Table } from '../../components/table.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { TextDiff } from '../../components/diff/text-diff.tsx';
import { toast } from '../../components/toast.tsx';
import { DateText, NumberText, RelativeTime } from '../../components/text-values.tsx';
import { NetworkError } from '../../lib/api-error.ts';

const passage = `A **granary** keeps what a season gave until it is needed. Three things decide whether grain lasts the winter:

1. it goes in *dry*, below 14 % moisture,
2. air can move through it,
3. nothing that eats it can climb in — hence the mushroom-shaped *staddle stones*.

> Store in plenty, count in scarcity.

Use \`moisture < 0.14\` as the rule of thumb.`;
const rows = [
  { id: 1, name: 'brainstorming', approved: 1766, share: 0.118, updated: '2026-11-23T09:00:00Z' },
  { id: 2, name: 'closed_qa', approved: 1773, share: 0.118, updated: '2026-11-21T09:00:00Z' },
  { id: 3, name: 'summarization', approved: 1188, share: 0.079, updated: '2026-10-02T09:00:00Z' },
];

/** Every primitive on one page, to look at. Development only. */
export default function DevComponentsPage() {
  return (
    <>
      <PageHeader
        kicker="Open corpus · English, Deutsch"
        title="Write what a good answer looks like"
        standfirst="A page with every primitive, set as it will be used: to be looked at in both themes, at both widths and in both directions."
        actions={
          <>
            <LinkButton to="/">Guidelines</LinkButton>
            <LinkButton variant="primary" to="/" icon={<PenLine aria-hidden />}>
              Write a pair
            </LinkButton>
          </>
        }
      />
      <div className="with-aside">
        <div>
          <Forms />
          <Reading />
          <Data />
          <States />
        </div>
        <aside className="stack gap-6">
          <BarList
            caption="Approved by category"
            nameHeader="Category"
            valueHeader="Pairs"
            bars={[
              { key: 'a', label: 'Open questions', value: 3742 },
              { key: 'b', label: 'Brainstorming', value: 1766 },
              { key: 'c', label: 'Summaries', value: 1188 },
              { key: 'd', label: 'Creative writing', value: 709 },
            ]}
          />
          <Meter label="Summaries" value={1188} max={2000} detail="1,188 of 2,000" />
          <ProgressBar label="Building snapshot 8" share={0.62} />
          <DescriptionList
            items={[
              { term: 'Licence', value: 'CC-BY-SA-4.0' },
              { term: 'Rows', value: <NumberText value={15011} /> },
              { term: 'Published', value: <DateText iso="2026-11-20T09:00:00Z" /> },
              { term: 'SHA-256', value: <code>9f2c…41ab</code> },
            ]}
          />
        </aside>
      </div>
    </>
  );
}

function Forms() {
  const [text, setText] = useState('Why did farmers build granaries on stone legs?');
  const [score, setScore] = useState<number | null>(4);
  const [kind, setKind] = useState('none');
  const [open, setOpen] = useState(false);
  const confirm = useConfirm();
  return (
    <Section title="Forms">
      <div className="cluster">
        <Button variant="primary" keys="mod+Enter">
          Submit
        </Button>
        <Button onClick={() => setOpen(true)}>Open a dialog</Button>
        <Button variant="quiet">Skip</Button>
        <Button
          variant="danger"
          onClick={() =>
            void confirm({
              title: 'Retract this entry?',
              body: 'It leaves the next snapshot.',
              confirmLabel: 'Retract entry',
              danger: true,
            })
          }
        >
          Retract
        </Button>
        <Button busy>Saving</Button>
        <Button disabled>Not now</Button>
        <IconButton label="Agree" icon={<ThumbsUp aria-hidden />} aria-pressed keys="a" />
        <Menu label="More" trigger={(props) => <IconButton {...props} label="More" icon={<MoreHorizontal aria-hidden />} />}>
          <MenuItem
            onSelect={() => toast({ text: 'Approved.', tone: 'positive', action: { label: 'Undo', keys: 'u', run: () => undefined } })}
          >
            Show a toast
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger onSelect={() => undefined}>
            Report
          </MenuItem>
        </Menu>
      </div>
      <Field label="Instruction" hint="Ask as you would ask a knowledgeable friend." counter={{ length: 7900, max: 8000 }}>
        <TextArea look="prose" value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <Field label="Source of the passage" error="Use a full address that begins with https://" optional>
        <Input defaultValue="wikipedia.org/wiki/Granary" />
      </Field>
      <Field label="Category">
        <Select defaultValue="b">
          <option value="a">Open question</option>
          <option value="b">Brainstorming</option>
        </Select>
      </Field>
      <SegmentedControl
        legend="Helpfulness"
        options={[1, 2, 3, 4, 5].map((value) => ({ value, label: value }))}
        value={score}
        onChange={setScore}
      />
      <RadioGroup
        legend="Did an AI help?"
        value={kind}
        onChange={setKind}
        options={[
          { value: 'none', label: 'No', hint: 'Every word is mine.' },
          { value: 'wording', label: 'With the wording', hint: 'Spelling, grammar, style.' },
        ]}
      />
      <Checkbox label="I wrote this myself" hint="Or I may publish it under the licence of the dataset." defaultChecked />
      <Switch label="Preview while typing" defaultChecked />
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Reject with a reason"
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" onClick={() => setOpen(false)}>
              Reject entry
            </Button>
          </>
        }
      >
        <Field label="Reason">
          <TextArea defaultValue="The answer names the wrong century." />
        </Field>
      </Dialog>
    </Section>
  );
}

function Reading() {
  return (
    <Section title="Reading">
      <div className="cluster">
        <StatusBadge tone="neutral">Draft</StatusBadge>
        <StatusBadge tone="info">In review</StatusBadge>
        <StatusBadge tone="positive">Approved</StatusBadge>
        <StatusBadge tone="warning">Changes requested</StatusBadge>
        <StatusBadge tone="critical">Rejected</StatusBadge>
        <StatusBadge tone="muted">Retracted</StatusBadge>
        <Badge>closed_qa</Badge>
        <Badge lang="de">Deutsch</Badge>
        <span className="small faint">
          <RelativeTime iso="2026-11-22T09:00:00Z" />
        </span>
      </div>
      <Markdown text={passage} />
      <TextDiff before="Grain was kept dry on wooden legs." after="Grain was kept dry, and safe from rats, on stone legs." />
      <CodeBlock
        label="Python"
        code={
          'from datasets import load_dataset\n\ndata = load_dataset("json", data_files="https://granary.example/api/v1/datasets/granary-open/snapshots/7/files/pairs.jsonl.gz")'
        }
      />
      <Disclosure summary="How this was decided" open>
        Two reviewers agreed.
      </Disclosure>
    </Section>
  );
}

function Data() {
  const [tab, setTab] = useState<'all' | 'mine'>('all');
  const table = (
    <Table
      caption="Categories"
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'name', header: 'Category', main: true, cell: (row) => row.name },
        { key: 'approved', header: 'Approved', align: 'end', cell: (row) => <NumberText value={row.approved} /> },
        { key: 'share', header: 'Share', align: 'end', cell: (row) => <NumberText value={row.share} options={{ style: 'percent' }} /> },
        { key: 'updated', header: 'Changed', cell: (row) => <RelativeTime iso={row.updated} /> },
      ]}
    />
  );
  return (
    <Section title="Data" actions={<a href="#all">All figures</a>}>
      <Tabs
        label="Views"
        value={tab}
        onChange={setTab}
        tabs={[
          { key: 'all', label: 'All', panel: table },
          { key: 'mine', label: 'Mine', panel: <ListSkeleton rows={2} /> },
        ]}
      />
    </Section>
  );
}

function States() {
  return (
    <Section title="States">
      <Notice tone="warning" title="One person has answered this already">
        Improve that answer, or write an alternative.
      </Notice>
      <Notice tone="positive">Saved.</Notice>
      <ErrorState error={new NetworkError()} onRetry={() => undefined} />
      <ListSkeleton rows={2} />
      <EmptyState title="No drafts" action={<LinkButton to="/">Write a pair</LinkButton>}>
        What you begin to write is kept here until you submit it.
      </EmptyState>
      <ActionBar status="Saved a moment ago">
        <Button>Skip</Button>
        <Button variant="primary" keys="mod+Enter">
          Submit for review
        </Button>
      </ActionBar>
    </Section>
  );
}
