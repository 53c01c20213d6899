import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { podSecurityViolations } from '../../../src/kubernetes/pod-security';
import { program } from '../rig/places';

type Level = 'baseline' | 'restricted';

interface Verdict {
  readonly file: string;
  readonly expected: string;
  readonly got: string;
}

/** What we say of the pods with which the admission controller of Kubernetes is tested. */
function verdicts(level: Level, version: string, expected: string): Verdict[] {
  const folder = join(program('pod-security'), level, version, expected);
  return readdirSync(folder).flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((pod) => {
      const violations = podSecurityViolations(pod.toJSON(), level, Number(version.replace('v1.', '')));
      return { file: join(folder, file), expected, got: violations.length === 0 ? 'pass' : 'fail' };
    }),
  );
}

test.each<Level>(['baseline', 'restricted'])(
  'Pod Security %s: the same verdict as the admission controller of Kubernetes, for the pods of its own tests',
  (level) => {
    const versions = readdirSync(join(program('pod-security'), level));
    const all = versions.flatMap((version) =>
      ['pass', 'fail'].flatMap((expected) => verdicts(level, version, expected)),
    );
    console.log(`${all.length} pods, Kubernetes ${versions[0]} to ${versions[versions.length - 1]}`);
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(({ expected, got }) => expected !== got)).toEqual([]);
  },
);
