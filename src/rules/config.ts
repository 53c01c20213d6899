import { refuses } from './define';
import { contentHash } from '../config/content';
import type {} from '../config/versioned-config-map';
import { isPatched } from '../kernel/model/specs';

/** A JSON patch can change the content behind the hash. Two contents would then share one immutable name. */
const changed = refuses('frozenContent', ({ object, name, hash }, problems) => {
  if (!isPatched(object)) return;
  const rendered = object.toJson() as {
    readonly data?: Record<string, string>;
    readonly binaryData?: Record<string, string>;
    readonly metadata: { readonly name: string };
  };
  const now = contentHash({ data: rendered.data ?? {}, binaryData: rendered.binaryData ?? {} });
  if (now === hash && rendered.metadata.name === name) return;
  problems.refuse(
    'data',
    `content of hash ${now} as '${rendered.metadata.name}'`,
    `the content of hash ${hash} as '${name}'`,
    {
      rule: 'config/changed-content',
      fix: "Pass the final content as props instead of patching it, or use reload: 'watch'",
    },
  );
});

export const RULES = [changed];
