import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { anyText, mapOf, text } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import { proofOf } from '../secrets-scan/credentials';

const PARAMETERS = mapOf(text, anyText);

/** Names of credentials, but not of the place of a Secret, as drivers of CSI have them. */
const CREDENTIAL = /passw(or)?d|token/i;
const PLACE_OF_SECRET = /secret-?(name|namespace)$/i;

/** The parameters of a class: texts without credentials, since many may read a class. */
export function readParameters(
  read: Reader<{ readonly parameters?: { [name: string]: string } }>,
  problems: Problems,
): Record<string, string> {
  const parameters = read.optional(
    'parameters',
    PARAMETERS,
    {},
    {
      fix: "Map names to texts: 'true' for a switch",
      practice: 'CH16-15',
    },
  );
  for (const [name, value] of Object.entries(parameters)) {
    if (PLACE_OF_SECRET.test(name)) continue;
    const what = proofOf(name, value)?.what ?? (CREDENTIAL.test(name) ? 'a value with the name of a credential' : '');
    if (what === '') continue;
    problems.add({
      rule: 'secret/literal-password',
      prop: `parameters${keyPart(name)}`,
      got: what,
      expected: 'no credential',
      fix: "Create a Secret, and name it in the parameters 'csi.storage.k8s.io/...-secret-name' and '...-namespace'",
    });
  }
  return parameters;
}
