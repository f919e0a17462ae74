import { useSearchParams } from 'react-router';
import { Select } from '../../components/field.tsx';

type Props = {
  label: string;
  /** The choice of every dataset together. */
  anything: string;
  /** Datasets with work in them, each by its words. */
  options: readonly { slug: string; text: string }[];
};

/** Which dataset's queue is worked on, kept in the address; nothing where there is no choice. */
export function QueuePicker({ label, anything, options }: Props) {
  const [search, setSearch] = useSearchParams();
  if (options.length <= 1) return null;
  return (
    <Select
      aria-label={label}
      value={search.get('dataset') ?? ''}
      onChange={(event) => setSearch(event.target.value === '' ? {} : { dataset: event.target.value }, { replace: true })}
    >
      <option value="">{anything}</option>
      {options.map(({ slug, text }) => (
        <option key={slug} value={slug}>
          {text}
        </option>
      ))}
    </Select>
  );
}
