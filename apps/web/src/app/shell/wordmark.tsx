/** The ear of wheat and the name. */
export function Wordmark() {
  return (
    <span className="wordmark" translate="no">
      <svg viewBox="0 0 20 28" aria-hidden>
        <path d="M10 1c2 1.700 2.500 4 0 6.600C7.500 5 8 2.700 10 1z" />
        <path d="M9 12.600C5.200 12.900 3 11.100 2.800 7.600c3.500 0 5.900 1.500 6.200 5zM11 12.600c3.800.3 6-1.500 6.200-5-3.500 0-5.900 1.500-6.200 5z" />
        <path d="M9 19C5.200 19.300 3 17.500 2.800 14c3.500 0 5.900 1.500 6.200 5zM11 19c3.800.3 6-1.500 6.200-5-3.500 0-5.900 1.500-6.200 5z" />
        <path d="M9.300 9.500h1.400V27H9.300z" />
      </svg>
      <span>Granary</span>
    </span>
  );
}
