/**
 * The closest candidate: a misspelling, or a Kubernetes name around it such as `imagePullPolicy`, `minReadySeconds`.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const bare = word.replace(/^image(?=[A-Z])|(Seconds|Probe)$/g, '').toLowerCase();
  const close = candidates
    .map((candidate) => ({
      candidate,
      distance: candidate.toLowerCase() === bare ? 0 : editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(
      ({ candidate, distance }) => distance <= Math.max(candidate.length > 3 ? 2 : 1, Math.floor(candidate.length / 5)),
    )
    .sort((a, b) => a.distance - b.distance);
  return close[0]?.candidate;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
