import * as fc from 'fast-check';
import { dnsLabel, duration, labels, subdomain } from './arbitrary-text';
import { call, type Terms } from './terms';

const PREFIX_V4 = fc.integer({ min: 0, max: 32 });

/** The network of an address: what is after the prefix is zero. */
function networkV4(address: number, prefix: number): string {
  const bits = prefix === 0 ? 0 : Math.floor(address / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.');
}

const rangeV4 = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), PREFIX_V4)
  .map(([address, prefix]) => `${networkV4(address, prefix)}/${prefix}`);
const rangeV6 = fc.constantFrom(
  '::/0',
  'fd00::/8',
  'fe80::/10',
  '2001:db8::/32',
  '::1/128',
  '::/128',
  '::ffff:0:0:0/96',
  '2001:db8:1:2:3:4:5:6/128',
  '2001:db8:0:1::/64',
  'ff00::/8',
  '64:ff9b::/96',
);

export const cidr = fc.oneof({ withCrossShrink: true }, fc.constant('10.0.0.0/8'), rangeV4, rangeV6);

/** A range and smaller ones inside of it. */
const rangeWithout = fc
  .tuple(
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fc.integer({ min: 0, max: 31 }),
    fc.array(fc.nat(32), { maxLength: 3 }),
  )
  .map(([address, prefix, lengths]) => ({
    range: `${networkV4(address, prefix)}/${prefix}`,
    except: lengths
      .map((length) => Math.max(length, prefix + 1))
      .map((length) => `${networkV4(address, length)}/${length}`),
  }));
const EXCEPT_V6 = { range: '2001:db8::/32', except: ['2001:db8:1::/48', '2001:db8::/33', '2001:db8::1/128'] };

const excepting = fc.oneof(
  cidr.map((range) => ({ range, except: undefined })),
  rangeWithout,
  fc.constant(EXCEPT_V6),
);

function options(except: string[] | undefined): Terms[] {
  return except === undefined ? [] : [{ except }];
}

export const peer: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  fc.record({ labels, namespace: dnsLabel() }, { requiredKeys: [] }).map((given) => call('Peer.pods', given)),
  excepting.map(({ range, except }) => call('Peer.cidr', range, ...options(except))),
  fc
    .array(cidr, { minLength: 1, maxLength: 3 })
    .map((ranges) => call('Peer.anyOf', ...ranges.map((range) => call('Peer.cidr', range)))),
);

const ports = fc.record(
  { ports: fc.array(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 3 }) },
  { requiredKeys: [] },
);

export const egress: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  ports.map((given) => call('Egress.internet', given)),
  fc
    .tuple(excepting, ports)
    .map(([{ range, except }, given]) => call('Egress.cidr', range, { ...given, ...options(except)[0] })),
  fc.tuple(peer, ports).map(([to, given]) => call('Egress.to', to, given)),
);

const controllerOptions = {
  className: fc.constantFrom('traefik', 'nginx', 'alb', 'a.b', 'a'.repeat(253)),
  traefik: fc.boolean(),
  lag: duration(0, 3600),
};
// ingress-nginx before 1.14 refuses most characters in a path: a routing by one has paths of its own
const taken = (given: Terms): Terms => ({ ...given, ...(given.className === 'nginx' ? { ingressNginx: false } : {}) });

export const controller: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  fc
    .tuple(dnsLabel(), fc.record({ ...controllerOptions, podLabels: labels }, { requiredKeys: ['className'] }))
    .map(([namespace, given]) => call('IngressController.inNamespace', namespace, taken(given))),
  fc
    .tuple(
      fc.array(cidr, { minLength: 1, maxLength: 3 }),
      fc.record(controllerOptions, { requiredKeys: ['className'] }),
    )
    .map(([ranges, given]) => call('IngressController.fromCidrs', ranges, taken(given))),
);

const gatewayPort = fc.integer({ min: 1, max: 32_767 });

/** Options with a class, so that blocks can have Gateways by it. */
function gatewayOptions(own: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<Terms> {
  return (
    fc
      // another port for TLS, since one has one protocol
      .record({ ...own, className: subdomain(), lag: duration(0, 3600), httpPort: gatewayPort, more: gatewayPort })
      .map(({ more, ...given }) => ({ ...given, httpsPort: given.httpPort + more }))
  );
}

export const gatewayController: fc.Arbitrary<Terms> = fc.oneof(
  { withCrossShrink: true },
  fc
    .tuple(dnsLabel(), gatewayOptions({ podLabels: labels }))
    .map(([namespace, given]) => call('GatewayController.inNamespace', namespace, given)),
  fc
    .tuple(fc.array(cidr, { minLength: 1, maxLength: 3 }), gatewayOptions())
    .map(([ranges, given]) => call('GatewayController.fromCidrs', ranges, given)),
);
