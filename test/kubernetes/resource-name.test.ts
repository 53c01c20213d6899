import { ApiObject } from 'cdk8s';
import { resourceOf } from '../../src/kubernetes/resource-name';
import { newChart } from '../support';

test.each([
  ['v1', 'Service', 'services'],
  ['v1', 'Endpoints', 'endpoints'],
  ['networking.k8s.io/v1', 'Ingress', 'ingresses.networking.k8s.io'],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies.networking.k8s.io'],
  ['gateway.networking.k8s.io/v1', 'Gateway', 'gateways.gateway.networking.k8s.io'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute', 'httproutes.gateway.networking.k8s.io'],
])('a quota counts %s %s as %s (CH08-42)', (apiVersion, kind, resource) => {
  expect(resourceOf(new ApiObject(newChart(), 'object', { apiVersion, kind }))).toBe(resource);
});
