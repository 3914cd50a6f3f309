import { percent } from "../format";

/** What a backend got of the new sessions, as a bar, against what its weight would give it, as a line across. */
export function Share({ got, due }: { got: number | null; due: number | null }) {
  const words = `${percent(got)} of new sessions; ${percent(due)} by weight`;
  return (
    <span class="share">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={words}>
        <title>{words}</title>
        <rect class="share-ground" width="100" height="10" rx="1" />
        <rect class="share-got" width={100 * (got ?? 0)} height="10" rx="1" />
        {due !== null && <rect class="share-due" x={Math.min(100 * due, 99.2) - 0.4} width="1.2" height="10" />}
      </svg>
      <span class="figures" aria-hidden="true">{percent(got)}<small> / {percent(due)}</small></span>
    </span>
  );
}
