import * as fc from 'fast-check';
import { type Mistake, noLabel, prop } from './mistake';
import { call, type Term } from './terms';

const NO_HOST = fc.constantFrom<Term>(
  '',
  'a b.example.com',
  '-a.example.com',
  '10.0.0.1',
  'https://a.example.com',
  null,
  7,
);
const controller = (options: Record<string, Term>): Term => call('GatewayController.inNamespace', 'gateways', options);

const gateway: Mistake[] = [
  prop('Gateway', 'controller: no controller', 'controller', fc.constantFrom<Term>('nginx', {}, null)),
  prop('Gateway', 'controller: an existing Gateway', 'controller', fc.constantFrom<Term>('front'), (name) => ({
    controller: controller({ gateway: { name } }),
  })),
  prop('Gateway', 'name: no name', 'name', noLabel(63)),
  prop('Gateway', 'listeners: no list', 'listeners', fc.constantFrom<Term>({}, 'front', 7)),
  prop('Gateway', 'listeners: no host', 'listeners[0].host', NO_HOST, (host) => ({
    listeners: [{ host, tls: call('Tls.secret', { $secret: 'front' }) }],
  })),
  prop(
    'Gateway',
    'listeners: without tls',
    'listeners[0].tls',
    fc.constantFrom<Term>(undefined, null, true),
    (tls) => ({
      listeners: [{ host: 'a.example.com', tls }],
    }),
  ),
  prop('Gateway', 'annotations: an issuer', 'annotations', fc.constantFrom<Term>('one', 'two'), (issuer) => ({
    annotations: { 'cert-manager.io/cluster-issuer': issuer },
  })),
];

const passthrough: Mistake[] = [
  prop('TlsRoute', 'host: no host', 'host', NO_HOST),
  prop('TlsRoute', 'host: left out', 'host', fc.constant(undefined)),
  prop('TlsRoute', 'backend: no block', 'backend', fc.constantFrom<Term>(undefined, null, 'backend', {})),
  prop('TlsRoute', 'controller: no controller', 'controller', fc.constantFrom<Term>('nginx', {}, null)),
  prop('TlsRoute', 'name: no name', 'name', noLabel(63)),
];

export const GATEWAY_MISTAKES: readonly Mistake[] = [...gateway, ...passthrough];
