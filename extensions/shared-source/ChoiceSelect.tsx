/**
 * One of several amounts or products to choose.
 *
 * Accepts: `label`, `options` (each `{id, text}`), `value` (the chosen id), `disabled`, `onPick`.
 */
interface Props {
  label: string;
  options: { id: string; text: string }[];
  value: string;
  disabled: boolean;
  onPick: (id: string) => void;
}

export function ChoiceSelect({ label, options, value, disabled, onPick }: Props) {
  return (
    <s-select
      label={label}
      value={value}
      disabled={disabled}
      onChange={({ currentTarget }) => onPick(valueOf(currentTarget))}
    >
      {options.map(({ id, text }) => (
        <s-option key={id} value={id}>
          {text}
        </s-option>
      ))}
    </s-select>
  );
}

/** The types of events do not say that a select has a value. */
function valueOf(target: EventTarget | null): string {
  return (target as unknown as { value: string }).value;
}
