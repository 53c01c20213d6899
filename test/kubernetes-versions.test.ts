import { readdirSync, readFileSync } from 'node:fs';
import { type Chart, Size } from 'cdk8s';
import { linesOf, WEB } from './support';
import { ClusterProfile, Job, Redis, SecretRef, StaticSite, Volume, WebService } from '../src';
import { OLDEST_MINOR } from '../src/kernel/model/cluster-facts';

/** The rows of docs/kubernetes-versions.md: feature, version, what to write. */
const ROWS = [
  ...readFileSync('docs/kubernetes-versions.md', 'utf8').matchAll(
    /^\| ([^|]+) \| 1\.(\d+)[^|]* \| ([^|]+) \| [^|]+ \|$/gm,
  ),
].map(([, feature, minor, write]) => ({ feature, minor: Number(minor), write }));

const IMAGE = 'ghcr.io/acme/train:1.4.2';
const INDEXED = { image: IMAGE, completions: 3, indexed: true };
const nodes = (feature: string) => (chart: Chart, version: string) => {
  new ClusterProfile({ version, nodeFeatures: { [feature]: true } }).assignTo(chart);
  new WebService(chart, 'web', WEB);
};

function on(build: (chart: Chart) => void) {
  return (chart: Chart, version: string): void => {
    new ClusterProfile({ version }).assignTo(chart);
    build(chart);
  };
}

/** A sample for each row, by a part of what the row says to write. */
const SAMPLES: Record<string, (chart: Chart, version: string) => void> = {
  '`successPolicy`': on((chart) => new Job(chart, 'job', { ...INDEXED, successPolicy: [{ succeededCount: 1 }] })),
  'PreferSameZone': on(
    (chart) => new WebService(chart, 'web', { ...WEB, service: { trafficDistribution: 'PreferSameZone' } }),
  ),
  'PreferSameNode': on(
    (chart) => new WebService(chart, 'web', { ...WEB, service: { trafficDistribution: 'PreferSameNode' } }),
  ),
  '`userNamespace`': nodes('userNamespaces'),
  '`supplementalGroupsPolicy`': nodes('supplementalGroupsPolicy'),
  'volumeAttributesClassName': on(
    (chart) =>
      new Redis(chart, 'redis', {
        password: { secret: SecretRef.named('redis'), key: 'password' },
        storage: Size.gibibytes(2),
        volumeAttributesClassName: 'gold',
      }),
  ),
  '#restart-in-the-same-pod)': on(
    (chart) => new Job(chart, 'job', { image: IMAGE, restartInPlace: { exitCodes: [75] } }),
  ),
  "containers: 'all'": on(
    (chart) => new Job(chart, 'job', { image: IMAGE, restartInPlace: { exitCodes: [75], containers: 'all' } }),
  ),
  'Volume.image': on((chart) => {
    new WebService(chart, 'web', WEB).mount('/models', Volume.image(IMAGE));
    new StaticSite(chart, 'site', { contentImage: IMAGE });
  }),
};

describe('the table of newer features', () => {
  test.each(Object.entries(SAMPLES))('has the version of %s', (part, build) => {
    const [row] = ROWS.filter(
      ({ write }) => write.includes(part) && (part.includes('all') || !write.includes("'all'")),
    );
    expect(row).toBeDefined();
    const errorsOn = (minor: number): string[] => linesOf((chart) => build(chart, `1.${minor}`));
    expect(errorsOn(row.minor)).toEqual([]);
    expect(errorsOn(37)).toEqual([]);
    for (let minor = OLDEST_MINOR; minor < row.minor; minor++) {
      const errors = errorsOn(minor);
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) expect(error).toContain(`1.${row.minor}`);
    }
  });

  test('has each version at which the sources draw a line, and is in order', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`src/${file}`, 'utf8'))
      .filter((text) => text.includes("add('newField'"));
    const minors = sources.flatMap((text) => [
      ...[...text.matchAll(/minor: (\d+)/g)].map(([, minor]) => Number(minor)),
      ...[...text.matchAll(/MINOR = (\d+);/g)].map(([, minor]) => Number(minor)),
    ]);
    expect(minors.length).toBeGreaterThan(5);
    expect(minors.filter((minor) => !ROWS.some((row) => row.minor === minor))).toEqual([]);
    const listed = ROWS.map(({ minor }) => minor);
    expect(listed).toEqual([...listed].sort((a, b) => a - b));
  });
});
