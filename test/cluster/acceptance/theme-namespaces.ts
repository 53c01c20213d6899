import * as fc from 'fast-check';
import { role, subject, subjects } from './arbitrary-access';
import { id } from './arbitrary-blocks';
import { image } from './arbitrary-container';
import { egress } from './arbitrary-network';
import { limitRangeOf, rawLimitRange, rawQuota } from './arbitrary-quota';
import { annotations, anyText, dnsLabel, labels, qualified, serviceName, subdomain } from './arbitrary-text';
import { rawPods, workloadProps } from './arbitrary-workload';
import { call, type StepData } from './terms';
import { ending, type Theme } from './theme';

const text = anyText.filter((given) => given !== '');
const expires = fc.constantFrom('2026-12-31', '2028-02-29', '2026-12-31T18:00:00Z', '2026-12-31T18:00:00+05:30');
const pullSecrets = fc.uniqueArray(subdomain(), { maxLength: 2 }).map((names) => names.map(($secret) => ({ $secret })));
/** Room for the name of a ClusterRoleBinding, `<name>-view`. */
const ownName = dnsLabel(57).filter((name) => !/^(openshift$|kube-|openshift-)/.test(name));
const podSecurity = fc.constantFrom('restricted', 'baseline');

const common = { name: ownName, labels, annotations, podSecurity, pullSecrets };

const tenant: fc.Arbitrary<Theme> = fc
  .record({
    id,
    own: fc.record(
      {
        ...common,
        owner: text,
        team: qualified,
        purpose: text,
        expires,
        defaultDeny: fc.boolean(),
        developers: fc.uniqueArray(fc.constantFrom('oidc:team-shop', 'é', 'a b'), { maxLength: 3 }),
      },
      { requiredKeys: ['owner', 'team', 'purpose'] },
    ),
    quota: rawQuota,
    limitRange: fc.option(rawLimitRange, { nil: undefined }),
    grant: fc.option(fc.tuple(dnsLabel(), role, subject), { nil: undefined }),
  })
  .map(({ id: start, own, quota: { quota, limited }, limitRange, grant }) => () => {
    const block = ending(
      {
        kind: 'TenantNamespace',
        id: start,
        props: { ...own, quota, ...(limitRange ? { limitRange: limitRangeOf(limitRange, limited) } : {}) },
      },
      't',
    );
    // the id is a name, too, and 'developers' is taken
    const steps: StepData[] = grant
      ? [{ on: block.id, method: 'grant', args: [`g${grant[0]}`.slice(0, 63).replace(/-$/, 'a'), grant[1], grant[2]] }]
      : [];
    return { blocks: [block], steps };
  });

/** A time to live, a date, or a date that is later than now. */
const end = fc.oneof(
  { withCrossShrink: true },
  fc.constant({}),
  fc.integer({ min: 1, max: 365 * 24 }).map((hours) => ({ ttl: call('Duration.hours', hours) })),
  expires.map((date) => ({ expires: date })),
  expires.map((date) => ({ expires: date, now: '2026-12-30T00:00:00Z' })),
);

const developer: fc.Arbitrary<Theme> = fc
  .record({
    id,
    own: fc.record(
      {
        ...common,
        owner: fc.constantFrom('jane@example.com', 'jane', 'é'),
        team: qualified,
        purpose: text,
        clusterView: fc.boolean(),
        editors: subjects,
      },
      { requiredKeys: ['owner', 'team', 'purpose'] },
    ),
    end,
    quota: fc.option(rawQuota, { nil: undefined }),
    limitRange: fc.option(rawLimitRange, { nil: undefined }),
  })
  .map(({ id: start, own, end: until, quota, limitRange }) => () => ({
    blocks: [
      ending(
        {
          kind: 'DeveloperNamespace',
          id: start,
          props: {
            ...own,
            ...until,
            ...(quota ? { quota: quota.quota } : {}),
            ...(limitRange ? { limitRange: limitRangeOf(limitRange, quota?.limited ?? true) } : {}),
          },
        },
        'd',
      ),
    ],
  }));

const reaper: fc.Arbitrary<Theme> = fc
  .record({
    id,
    own: fc.record(
      {
        name: serviceName(44),
        image,
        schedule: fc.constantFrom('0 * * * *', '@hourly', '*/5 0-4 * * mon'),
        suspend: fc.boolean(),
        user: fc.constantFrom(false, 1000),
      },
      { requiredKeys: ['image'] },
    ),
    raw: rawPods,
    egressTo: fc.option(
      fc.array(egress, { maxLength: 1 }).map((others) => [call('Egress.internet'), ...others]),
      { nil: undefined },
    ),
    open: fc.boolean(),
  })
  .map(({ id: start, own, raw, egressTo, open }) => () => {
    const edges = egressTo ? { egress: 'declared', egressTo } : open ? { egress: 'open' } : {};
    const pods = { ...raw, shared: { ...raw.shared, serviceAccountToken: true }, egress: undefined };
    return {
      blocks: [
        ending(
          { kind: 'NamespaceReaper', id: start, props: workloadProps(pods, { ...own, ...edges }, 1, false, []) },
          'n',
        ),
      ],
    };
  });

export const namespaceThemes = { TenantNamespace: tenant, DeveloperNamespace: developer, NamespaceReaper: reaper };
