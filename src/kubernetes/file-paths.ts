/** A path that occurs twice, or that another path needs as a directory; `undefined` if all can exist side by side. */
export function clashingPath(paths: readonly string[]): string | undefined {
  const files = new Set<string>();
  for (const path of paths) {
    if (files.has(path)) return path;
    files.add(path);
  }
  return paths.find((path) => parentsOf(path).some((parent) => files.has(parent)));
}

function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
