import type { ApiObject } from 'cdk8s';
import { hasPods } from '../admission/demand-of-manifest';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule } from '../kernel/findings/library-rule';
import { toWarning } from '../kernel/findings/warnings';
import { isOurs } from '../kernel/model/specs';
import { wireIn } from '../kernel/model/wire';
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

export const RULES = [movingTags];
