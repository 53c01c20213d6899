import { warningAt } from './verdicts';
import { foreignOf } from '../foreign/foreign-objects';
import type { LibraryRule } from '../kernel/findings/library-rule';
import type { Warning } from '../kernel/findings/warnings';
import { routePath } from '../kernel/schema/http-path';
import { list, part, textAt } from '../kernel/schema/manifest';
import { isVersionTag, parseImage } from '../kubernetes/image';
import { POD_KINDS, podTemplateOf } from '../kubernetes/pod-template';
import { movingTag } from '../pod/container';

/** Foreign images with a moving tag. Without a tag, Kubernetes pulls `latest`. */
const movingTags: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    foreignOf(view, ...POD_KINDS).flatMap(({ at, wire }) => {
      const spec = part(podTemplateOf(wire)?.pod, 'spec');
      const containers = ['initContainers', 'containers'].flatMap((kind) => list(part(spec, kind)));
      return [...new Set(containers.map((container) => textAt(container, 'image') ?? ''))].flatMap((image) => {
        const { tag = 'latest', digest } = parseImage(image) ?? { digest: 'not readable' };
        if (digest !== undefined || isVersionTag(tag)) return [];
        return [warningAt(at, movingTag(image))];
      });
    }),
};

/** With these annotations, ingress-nginx reads all paths of a host as patterns. */
const REGULAR = ['use-regex', 'rewrite-target'].map((name) => `nginx.ingress.kubernetes.io/${name}`);

/** Paths of foreign Ingresses that no request matches. */
const unmatchedPaths: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    foreignOf(view, 'networking.k8s.io/Ingress').flatMap(({ at, wire }) => {
      if (REGULAR.some((name) => textAt(wire, 'metadata', 'annotations', name) !== undefined)) return [];
      const paths = list(part(wire, 'spec', 'rules')).flatMap((rule) => list(part(rule, 'http', 'paths')));
      return paths.flatMap((given) => {
        const [path, type] = [textAt(given, 'path'), textAt(given, 'pathType')];
        if (path === undefined || type === 'ImplementationSpecific' || routePath.read(path, () => undefined)) return [];
        return [warningAt(at, unmatched(path))];
      });
    }),
};

function unmatched(path: string): Warning {
  return {
    rule: 'routing/unmatched-path',
    prop: 'spec.rules',
    got: `'${path}'`,
    expected: routePath.expected,
    text:
      `spec.rules: no request has the path '${path}'. Write the path as clients request it: a prefix matches all ` +
      'paths below it',
  };
}

export const RULES = [movingTags, unmatchedPaths];
