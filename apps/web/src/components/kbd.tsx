const isApple = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform);
const signs: Record<string, string> = {
  mod: isApple ? '⌘' : 'Ctrl',
  shift: '⇧',
  alt: isApple ? '⌥' : 'Alt',
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** Key caps for a shortcut as `useShortcuts` spells it: `mod+k`, `g b`. */
export function Kbd({ keys }: { keys: string }) {
  const caps = keys.split(' ').flatMap((press) => press.split('+').map((key, index) => ({ key, id: `${press}${index}` })));
  return (
    <span className="kbd" dir="ltr">
      {caps.map(({ key, id }) => (
        <kbd key={id}>{signs[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</kbd>
      ))}
    </span>
  );
}
