import type { ApiObject } from 'cdk8s';
import { hasPods } from '../admission/demand-of-manifest';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule } from '../kernel/findings/library-rule';
import { toWarning, type Warning } from '../kernel/findings/warnings';
import { isOurs } from '../kernel/model/specs';
import { wireIn } from '../kernel/model/wire';
import { routePath } from '../kernel/schema/http-path';
import { list, part, textAt } from '../kernel/schema/manifest';
import { isVersionTag, parseImage } from '../kubernetes/image';
import { podTemplateOf } from '../kubernetes/pod-template';
import { movingTag } from '../pod/container';

/** Objects with pods that another library or the user wrote. */
function foreignPods({ objects }: PassView): ApiObject[] {
  return objects.filter((object) => hasPods(object) && !isOurs(object));
}

/** Images of others that are not fixed; without a tag, `latest` is meant. */
const movingTags: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    view.derive(foreignPods).flatMap((object) => {
      const spec = part(podTemplateOf(wireIn(view, object))?.pod, 'spec');
      const containers = ['initContainers', 'containers'].flatMap((kind) => list(part(spec, kind)));
      return [...new Set(containers.map((container) => textAt(container, 'image') ?? ''))].flatMap((image) => {
        const { tag = 'latest', digest } = parseImage(image) ?? { digest: 'not readable' };
        if (digest !== undefined || isVersionTag(tag)) return [];
        return [{ construct: object, finding: toWarning(object, movingTag(image)) }];
      });
    }),
};

/** ingress-nginx then takes all paths of a host for patterns. */
const REGULAR = ['use-regex', 'rewrite-target'].map((name) => `nginx.ingress.kubernetes.io/${name}`);

/** Paths of Ingresses of others that no request has. */
const unmatchedPaths: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    view.objects.flatMap((object) => {
      if (object.kind !== 'Ingress' || object.apiGroup !== 'networking.k8s.io' || isOurs(object)) return [];
      const manifest = wireIn(view, object);
      if (REGULAR.some((name) => textAt(manifest, 'metadata', 'annotations', name) !== undefined)) return [];
      const paths = list(part(manifest, 'spec', 'rules')).flatMap((rule) => list(part(rule, 'http', 'paths')));
      return paths.flatMap((given) => {
        const [path, type] = [textAt(given, 'path'), textAt(given, 'pathType')];
        if (path === undefined || type === 'ImplementationSpecific' || routePath.read(path, () => undefined)) return [];
        return [{ construct: object, finding: toWarning(object, unmatched(path)) }];
      });
    }),
};

function unmatched(path: string): Warning {
  return {
    rule: 'routing/unmatched-path',
    prop: 'spec.rules',
    got: `'${path}'`,
    expected: routePath.expected,
    text: `spec.rules: no request has the path '${path}'. Write a path as it is asked for: a prefix matches all below it`,
  };
}

export const RULES = [movingTags, unmatchedPaths];
