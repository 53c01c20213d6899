import { Construct, type IConstruct } from 'constructs';
import { isReservedIdentity, RESERVED_PREFIXES } from './reserved-identities';
import type { SubjectSettings } from './rule-settings';
import type { ISubject } from '../interop/references';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { namespaceOf } from '../kernel/model/names';
import { nameNeighbour } from '../kernel/model/same-cluster';
import { type Check, that } from '../kernel/schema/checks';
import { dnsLabel, dnsSubdomain } from '../kernel/schema/syntax';

/** The subject of a grant. */
export class Subject {
  /**
   * A group of the identity provider, spelt as the API server sees it, with its configured prefix: `oidc:team-shop`
   * (CH04-38). `system:` and `kubeadm:` groups are refused.
   */
  public static group(name: string): Subject {
    return new Subject('Group', name);
  }

  /**
   * A single person, spelt as the API server sees it. Prefer a group. `system:` and `kubeadm:` users are refused.
   */
  public static user(name: string): Subject {
    return new Subject('User', name);
  }

  /**
   * A ServiceAccount of another tool. `default` is refused: all pods without their own account would get the rights.
   */
  public static serviceAccount(name: string, namespace: string): Subject {
    return new Subject('ServiceAccount', name, namespace);
  }

  /**
   * The ServiceAccount of a workload in any namespace. The workload needs `serviceAccountToken: true` to use it.
   */
  public static workload(workload: ISubject): Subject {
    return new Subject('Workload', workload);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'Group' | 'User' | 'ServiceAccount' | 'Workload',
    /** @internal */ public readonly _value: unknown,
    /** @internal */ public readonly _namespace?: unknown,
  ) {}
}

/** A name from the identity provider; the API server accepts any text. */
const identityName: Check<string> = that(
  `a name without surrounding space, other than '*', that does not begin with ${RESERVED_PREFIXES}`,
  (value) =>
    typeof value === 'string' &&
    value !== '' &&
    value === value.trim() &&
    value !== '*' &&
    !isReservedIdentity(value) &&
    !/[\u0000-\u001f]/.test(value),
);

/** `where`: the namespace of the binding, for a workload whose chart has none. */
export function readSubject(
  grant: IConstruct,
  { _kind, _value, _namespace }: Subject,
  where: string | undefined,
  problems: Problems,
  prop: string,
): SubjectSettings | undefined {
  if (_kind === 'Workload') return readWorkloadSubject(grant, _value, where, problems, prop);
  if (_kind === 'ServiceAccount') return readAccount(_value, _namespace, problems, prop);
  const name = identityName.read(_value, (given, expected) =>
    problems.refuse(prop, given, expected, {
      rule: 'access/subject-identity',
      fix:
        typeof given === 'string' && isReservedIdentity(given)
          ? 'Bind a group of the identity provider: reserved names mean administrators or everyone'
          : 'Spell it exactly as the identity provider does',
    }),
  );
  return name === undefined ? undefined : { kind: _kind, name };
}

function readAccount(account: unknown, given: unknown, problems: Problems, prop: string): SubjectSettings | undefined {
  const name = dnsSubdomain.read(account, (value, expected) =>
    problems.refuse(`${prop}.name`, value, expected, { rule: 'props/value', fix: 'Name the ServiceAccount' }),
  );
  const namespace = dnsLabel().read(given, (value, expected) =>
    problems.refuse(`${prop}.namespace`, value, expected, {
      rule: 'props/value',
      fix: 'Name the namespace of the ServiceAccount',
    }),
  );
  if (name === 'default') {
    problems.refuse(`${prop}.name`, name, 'a ServiceAccount of one application', {
      rule: 'access/default-service-account',
      fix: "Create one for the application: all pods without their own run as 'default'",
    });
    return undefined;
  }
  return name === undefined || namespace === undefined ? undefined : { kind: 'ServiceAccount', name, namespace };
}

function readWorkloadSubject(
  grant: IConstruct,
  workload: unknown,
  where: string | undefined,
  problems: Problems,
  prop: string,
): SubjectSettings | undefined {
  if (
    !Construct.isConstruct(workload) ||
    typeof (workload as Partial<ISubject>).toSubjectConfiguration !== 'function'
  ) {
    problems.refuse(prop, workload, 'a workload or a ServiceAccount', {
      rule: 'props/value',
      fix: 'Pass the block itself',
    });
    return undefined;
  }
  const { kind, name, namespace } = (workload as ISubject).toSubjectConfiguration();
  if (kind !== 'ServiceAccount') {
    problems.refuse(prop, new Verbatim(`a ${kind}`), 'a workload or a ServiceAccount', {
      rule: 'props/value',
      fix: 'Use Subject.group(...) or Subject.user(...)',
    });
    return undefined;
  }
  nameNeighbour(
    grant,
    workload,
    prop,
    'Put the grant into a chart of that cluster: a cluster knows only its own ServiceAccounts',
  );
  const home = namespace ?? namespaceOf(workload) ?? where;
  if (home === undefined) {
    problems.refuse(
      prop,
      new Verbatim(`'${workload.node.path}' in a chart without namespace`),
      'a workload whose namespace is known',
      {
        rule: 'access/subject-namespace',
        fix: 'Give its chart a namespace: a binding names the namespace of each ServiceAccount',
      },
    );
    return undefined;
  }
  return readAccount(name, home, problems, prop);
}
