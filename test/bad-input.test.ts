import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Chart, Duration, Size } from 'cdk8s';
import { Env, EnvValue, Secret, type SecretValue } from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { newChart, problemsOf, synth, untyped, WEB } from './support';
import {
  Autoscaling, Cpu, DisruptionBudget, Egress, HttpRouting, IngressController, Peer, Probe, Redis, Resources, Rollout,
  StaticSite, Tls, VersionedConfigMap, VersionedSecret, WebService,
} from '../src';
import { CARRIED_TEXT } from '../src/kernel/schema/carried-text';

type Row = [title: string, build: (chart: Chart) => Record<string, unknown>, message: string];
type Call = [title: string, call: (web: WebService, chart: Chart) => void, message: string];

const REDIS = { storage: Size.gibibytes(10) };
const ROUTING = { host: 'a.example.com', tls: Tls.none(), controller: IngressController.inNamespace('traefik', { className: 'traefik' }) };

/** An argument as a JavaScript caller may pass it. */
function wrong(value: unknown): never {
  return value as never;
}

function passwordOf(chart: Chart): SecretValue {
  return { secret: Secret.fromSecretName(chart, 'ref', 'redis-passwd'), key: 'passwd' };
}

test.each<Row>([
  ['image: nothing', () => ({ image: undefined }), "prop 'image': got nothing, expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Give the version to run, such as ghcr.io/acme/shop:1.4.2 (CH01-09)"],
  ['image: null', () => ({ image: null }), "prop 'image': got null, expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Give the version to run, such as ghcr.io/acme/shop:1.4.2 (CH01-09)"],
  ['image: a number', () => ({ image: 3 }), "prop 'image': got 3, expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Give the version to run, such as ghcr.io/acme/shop:1.4.2 (CH01-09)"],
  ['image: without a tag', () => ({ image: 'ghcr.io/acme/web' }), "prop 'image': got 'ghcr.io/acme/web', expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Give the version to run, such as ghcr.io/acme/shop:1.4.2 (CH01-09)"],
  ['image: latest', () => ({ image: 'ghcr.io/acme/web:latest' }), "prop 'image': got 'ghcr.io/acme/web:latest', expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Give the version to run, such as ghcr.io/acme/shop:1.4.2 (CH01-09)"],
  ['image: upper case', () => ({ image: 'ghcr.io/Acme/web:1.0' }), "prop 'image': got 'ghcr.io/Acme/web:1.0', expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Give the version to run, such as ghcr.io/acme/shop:1.4.2 (CH01-09)"],
  ['port: a string', () => ({ port: '8080' }), "prop 'port': got '8080', expected an integer from 1 to 65535. Give the port that the process listens on"],
  ['port: NaN', () => ({ port: NaN }), "prop 'port': got NaN, expected an integer from 1 to 65535. Give the port that the process listens on"],
  ['port: negative', () => ({ port: -1 }), "prop 'port': got -1, expected an integer from 1 to 65535. Give the port that the process listens on"],
  ['port: zero', () => ({ port: 0 }), "prop 'port': got 0, expected an integer from 1 to 65535. Give the port that the process listens on"],
  ['port: a fraction', () => ({ port: 8080.5 }), "prop 'port': got 8080.5, expected an integer from 1 to 65535. Give the port that the process listens on"],
  ['port: too large', () => ({ port: 65536 }), "prop 'port': got 65536, expected an integer from 1 to 65535. Give the port that the process listens on"],
  ['port: infinite', () => ({ port: Infinity }), "prop 'port': got Infinity, expected an integer from 1 to 65535. Give the port that the process listens on"],
  ['portName: upper case', () => ({ portName: 'HTTP' }), "prop 'portName': got 'HTTP', expected at most 15 lower-case letters, digits and single '-', with a letter. Leave it out for 'http'"],
  ['portName: too long', () => ({ portName: 'a-port-name-of-19-x' }), "prop 'portName': got 'a-port-name-of-19-x', expected at most 15 lower-case letters, digits and single '-', with a letter. Leave it out for 'http'"],
  ['readiness: text', () => ({ readiness: '/readyz' }), "prop 'readiness': got '/readyz', expected a Probe, e.g. Probe.httpGet('/readyz'). Give Probe.httpGet('/readyz'), or Probe.portOnly() for a server without a health path (CH05-17)"],
  ['readiness: a path without slash', () => ({ readiness: Probe.httpGet('readyz') }), "prop 'readiness': got 'readyz', expected a path that starts with '/'. Write Probe.httpGet('/readyz')"],
  ['readiness: an undeclared port', () => ({ readiness: Probe.httpGet('/readyz', { port: 9090 }) }), "prop 'readiness': got 9090, expected one of the container's TCP ports (8080 'http'). Name a port that the container declares (DX-04)"],
  ['readiness: a period as number', () => ({ readiness: Probe.httpGet('/readyz', wrong({ period: 5 })) }), "prop 'readiness.period': got 5, expected a Duration of 1 to 3600 whole seconds. Leave it out for 5 s"],
  ['readiness: an empty command', () => ({ readiness: Probe.exec([]) }), "prop 'readiness': got [], expected at least one word. Write Probe.exec(['my-check', '--quick'])"],
  ['readiness: port and portName', () => ({ readiness: Probe.httpGet('/readyz', { port: 8080, portName: 'http' }) }), "prop 'readiness.port': got 8080 beside 'readiness.portName': 'http', expected one of the two. Keep one"],
  ['readiness: a header that only HTTP admits', () => ({ readiness: Probe.httpGet('/readyz', { headers: { X_Probe: '1' } }) }), "prop 'readiness.headers['X_Probe']': got 'X_Probe', expected an HTTP header name of letters, digits and '-'. Map header names to values"],
  ['liveness: an object', () => ({ liveness: { path: '/healthz' } }), "prop 'liveness': got {path}, expected a Probe, e.g. Probe.httpGet('/readyz'). Use Probe.httpGet('/healthz')"],
  ['startupTimeout: too long', () => ({ startupTimeout: Duration.hours(2) }), "prop 'startupTimeout': got 7200 s, expected a Duration of 5 to 3600 whole seconds. Give the longest time that a start may take, such as Duration.minutes(2)"],
  ['startupTimeout: a fraction of a second', () => ({ startupTimeout: Duration.millis(5500) }), "prop 'startupTimeout': got 5.5 s, expected a Duration of 5 to 3600 whole seconds. Give the longest time that a start may take, such as Duration.minutes(2)"],
  ['drain: a number', () => ({ drain: 5 }), "prop 'drain': got 5, expected a Duration of 0 to 3600 whole seconds. Leave it out for 5 s"],
  ['terminationGracePeriod: zero', () => ({ terminationGracePeriod: Duration.seconds(0), drain: Duration.seconds(0) }), "prop 'terminationGracePeriod': got 0 s, expected a Duration of 1 to 3600 whole seconds. Leave it out for 30 s"],
  ['replicas: negative', () => ({ replicas: -1 }), "prop 'replicas': got -1, expected an integer from 0 to 10000. Leave it out for 2 (CH01-11)"],
  ['replicas: a fraction', () => ({ replicas: 1.5 }), "prop 'replicas': got 1.5, expected an integer from 0 to 10000. Leave it out for 2 (CH01-11)"],
  ['replicas: NaN', () => ({ replicas: NaN }), "prop 'replicas': got NaN, expected an integer from 0 to 10000. Leave it out for 2 (CH01-11)"],
  ['replicas: text', () => ({ replicas: '3' }), "prop 'replicas': got '3', expected an integer from 0 to 10000. Leave it out for 2 (CH01-11)"],
  ['replicas: too many', () => ({ replicas: 10001 }), "prop 'replicas': got 10001, expected an integer from 0 to 10000. Leave it out for 2 (CH01-11)"],
  ['autoscaling: an object', () => ({ autoscaling: { min: 2, max: 4 } }), "prop 'autoscaling': got {min, max}, expected an Autoscaling, e.g. Autoscaling.onCpu({ min: 2, max: 10, target: 80 }). Use Autoscaling.onCpu(...)"],
  ['autoscaling: min 1', () => ({ autoscaling: Autoscaling.onCpu({ min: 1, max: 4, target: 80 }) }), "prop 'autoscaling.min': got 1, expected an integer from 2 to 10000. Give both bounds; two replicas survive the loss of a node (CH01-11)"],
  ['autoscaling: max below min', () => ({ autoscaling: Autoscaling.onCpu({ min: 5, max: 4, target: 80 }) }), "prop 'autoscaling.max': got 4, expected at least min (5). Raise max or lower min"],
  ['autoscaling: target above the range', () => ({ autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 401 }) }), "prop 'autoscaling.target': got 401, expected an integer from 1 to 400. Start with 80 for CPU (CH01-18)"],
  ['autoscaling: no target', () => ({ autoscaling: Autoscaling.on({ min: 2, max: 4 }) }), "prop 'autoscaling.cpu': got nothing, expected a target for 'cpu', 'memory' or both. Give cpu: 80"],
  ['rollout: text', () => ({ rollout: 'RollingUpdate' }), "prop 'rollout': got 'RollingUpdate', expected a Rollout, e.g. Rollout.rolling({ maxSurge: 2 }). Use Rollout.rolling(...) or Rollout.recreate()"],
  ['rollout: a share above 100%', () => ({ rollout: Rollout.rolling({ maxSurge: '150%' }) }), "prop 'rollout.maxSurge': got '150%', expected an integer from 0 to 10000, or a percentage from '0%' to '100%'. Leave it out for 1"],
  ['rollout: a negative number', () => ({ rollout: Rollout.rolling({ maxUnavailable: -1 }) }), "prop 'rollout.maxUnavailable': got -1, expected an integer from 0 to 10000, or a percentage from '0%' to '100%'. Leave it out for 0"],
  ['revisionHistory: too many', () => ({ revisionHistory: 101 }), "prop 'revisionHistory': got 101, expected an integer from 0 to 100. Leave it out for 10"],
  ['minReady: too long', () => ({ minReady: Duration.hours(2), progressDeadline: Duration.hours(3) }), "prop 'minReady': got 7200 s, expected a Duration of 0 to 3600 whole seconds. Leave it out for 5 s"],
  ['progressDeadline: zero', () => ({ progressDeadline: Duration.seconds(0) }), "prop 'progressDeadline': got 0 s, expected a Duration of 1 to 86400 whole seconds. Leave it out for 10 minutes (CH05-36)"],
  ['service.port: text', () => ({ service: { port: 'http' } }), "prop 'service.port': got 'http', expected an integer from 1 to 65535. Leave it out for the container's port"],
  ['service.hostname: a wildcard', () => ({ service: { hostname: '*.example.com' } }), "prop 'service.hostname': got '*.example.com', expected a DNS name such as app.example.com. Give a DNS name, such as 'shop.example.com'"],
  ['service: an unknown option', () => ({ service: { type: 'LoadBalancer' } }), "prop 'service.type': got an unknown prop, expected one of annotations, dualStack, hostname, port, sessionAffinity, trafficDistribution. Remove it"],
  ['service.dualStack: text', () => ({ service: { dualStack: 'yes' } }), "prop 'service.dualStack': got 'yes', expected true or false. Leave it out for false"],
  ['service.sessionAffinity: true', () => ({ service: { sessionAffinity: true } }), "prop 'service.sessionAffinity': got true, expected a Duration of 1 to 86400 whole seconds. Leave it out for none"],
  ['service: a list', () => ({ service: [80] }), "prop 'service': got [80], expected an object. Pass the props as an object literal"],
  ['extraPorts: no list', () => ({ extraPorts: { name: 'metrics', port: 9090 } }), "prop 'extraPorts': got {name, port}, expected a list, each item a port. Write [{ name: 'metrics', port: 9090 }]"],
  ['extraPorts: no name', () => ({ extraPorts: [{ port: 9090 }] }), "prop 'extraPorts[0].name': got nothing, expected at most 15 lower-case letters, digits and single '-', with a letter. Name the port for what it speaks, such as 'metrics'"],
  ['extraPorts: an unknown protocol', () => ({ extraPorts: [{ name: 'x', port: 9090, protocol: 'tcp' }] }), "prop 'extraPorts[0].protocol': got 'tcp', expected 'TCP' or 'UDP' or 'SCTP'. Leave it out for 'TCP'"],
  ['extraPorts: an item left out', () => ({ extraPorts: [undefined] }), "prop 'extraPorts[0]': got nothing, expected a port. Write [{ name: 'metrics', port: 9090 }]"],
  ['name: empty', () => ({ name: '' }), "prop 'name': got '', expected a non-empty string. Leave it out for the construct path"],
  ['name: a leading digit', () => ({ name: '1web' }), "prop 'name': got '1web', expected at most 63 lower-case letters, digits and '-', starting with a letter, ending with a letter or digit. Set 'name', or choose other construct ids (DX-12)"],
  ['labels: a list', () => ({ labels: ['team'] }), "prop 'labels': got ['team'], expected a map, each key a label key: at most 63 letters, digits, '-', '_' and '.', with an optional DNS prefix and '/', each value at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, or ''. Map label keys to values (DX-13)"],
  ['labels: a number as value', () => ({ labels: { team: 3 } }), "prop 'labels['team']': got 3, expected at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, or ''. Map label keys to values (DX-13)"],
  ['labels: the key constructor', () => ({ labels: { constructor: 'x' } }), "prop 'labels['constructor']': got 'constructor', expected a label key: at most 63 letters, digits, '-', '_' and '.', with an optional DNS prefix and '/', but not 'constructor'. Map label keys to values (DX-13)"],
  ['annotations: an object as value', () => ({ annotations: { a: {} } }), "prop 'annotations['a']': got {}, expected a string. Map annotation names to text"],
  ['podAnnotations: a bad key', () => ({ podAnnotations: { 'a b': 'x' } }), "prop 'podAnnotations['a b']': got 'a b', expected a label key: at most 63 letters, digits, '-', '_' and '.', with an optional DNS prefix and '/'. Map annotation names to text"],
  ['env: a number as value', () => ({ env: { PORT: 8080 } }), "prop 'env['PORT']': got 8080, expected a string or an EnvValue. Map names to strings or EnvValues"],
  ['env: a bad name', () => ({ env: { '1A': 'x' } }), "prop 'env['1A']': got '1A', expected letters, digits, '_', '-' and '.', not starting with a digit. Map names to strings or EnvValues"],
  ['env: an empty source', () => ({ env: { A: { valueFrom: {} } } }), "prop 'env['A']': got {valueFrom}, expected a string or an EnvValue. Map names to strings or EnvValues"],
  ['env: a credential', () => ({ env: { DB_PASSWORD: 'hunter2' } }), "prop 'env['DB_PASSWORD']': got a literal that looks like a credential, expected a reference to a Secret. Mount the Secret as a file, or list 'DB_PASSWORD' in 'allowSecretLookingEnv' (CH01-37)"],
  ['args: one string', () => ({ args: '--verbose' }), "prop 'args': got '--verbose', expected a list, each item a string. Give words, such as ['--verbose']"],
  ['command: a number in it', () => ({ command: ['server', 3] }), "prop 'command[1]': got 3, expected a string. Give words, such as ['server', '--verbose']"],
  ['resources: an object', () => ({ resources: { cpu: '1' } }), "prop 'resources': got {cpu}, expected Resources, e.g. Resources.of({ cpu, memory }). Use Resources.of(...)"],
  ['resources: no memory', () => ({ resources: Resources.of(wrong({ cpu: Cpu.millis(100) })) }), "prop 'resources.memory': got nothing, expected a Size of at least 4194304 bytes. Reserve the most memory that the container uses (CH01-16)"],
  ['resources: NaN', () => ({ resources: Resources.of({ cpu: Cpu.millis(NaN), memory: Size.mebibytes(64) }) }), "prop 'resources.cpu': got 'NaNm', expected a Cpu of at least 1 milli-core, e.g. Cpu.millis(500). Reserve what the container needs under normal load (CH01-16)"],
  ['resources: zero CPU', () => ({ resources: Resources.of({ cpu: Cpu.units(0), memory: Size.mebibytes(64) }) }), "prop 'resources.cpu': got '0', expected a Cpu of at least 1 milli-core, e.g. Cpu.millis(500). Reserve what the container needs under normal load (CH01-16)"],
  ['resources: a limit below the request', () => ({ resources: Resources.of({ cpu: Cpu.millis(200), cpuLimit: Cpu.millis(100), memory: Size.mebibytes(64) }) }), "prop 'resources.cpuLimit': got 100m, expected at least the request of 200m. Raise the limit or lower the request (CH01-18)"],
  ['user: root', () => ({ user: 0 }), "prop 'user': got 0, expected an integer from 1 to 2147483647, or false. Root is refused by Pod Security restricted; use the UID of the image, or false"],
  ['user: text', () => ({ user: 'nobody' }), "prop 'user': got 'nobody', expected an integer from 1 to 2147483647, or false. Root is refused by Pod Security restricted; use the UID of the image, or false"],
  ['writablePaths: the whole file system', () => ({ writablePaths: ['/'] }), "prop 'writablePaths[0]': got '/', expected an absolute path other than '/', without ':' and parts that are empty, '.' or '..'. List directories, such as '/var/cache/app'"],
  ['writablePaths: another spelling of /tmp', () => ({ writablePaths: ['/tmp/.'] }), "prop 'writablePaths[0]': got '/tmp/.', expected an absolute path other than '/', without ':' and parts that are empty, '.' or '..'. List directories, such as '/var/cache/app'"],
  ['annotations: too large', () => ({ annotations: { a: 'a'.repeat(262_144) } }), "prop 'annotations': got 262145 bytes, expected at most 262144 bytes in all keys and values of the object. Put large data into a ConfigMap"],
  ['podAnnotations: too large', () => ({ podAnnotations: { a: 'é'.repeat(131_072) } }), "prop 'podAnnotations': got 262145 bytes, expected at most 262144 bytes in all keys and values of the object. Put large data into a ConfigMap"],
  ['service: large annotations', () => ({ service: { annotations: { a: 'a'.repeat(262_144) } } }), "prop 'service.annotations': got 262145 bytes, expected at most 262144 bytes in all keys and values of the object. Put large data into a ConfigMap"],
  ['env: a bad key of a Secret', (chart) => ({ env: { A: EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 'ref', 'a'), key: 'a b' }) } }), "prop 'env['A'].secretKeyRef.key': got 'a b', expected at most 253 letters, digits, '-', '_' and '.', but not '.' or starting with '..'. Map names to strings or EnvValues"],
  ['env: a bad name of a Secret', (chart) => ({ env: { A: EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 'ref', 'A_b'), key: 'a' }) } }), "prop 'env['A'].secretKeyRef.name': got 'A_b', expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Map names to strings or EnvValues"],
  ['env: an unknown field', () => ({ env: { A: EnvValue.fromFieldRef(wrong('spec.hostname')) } }), "prop 'env['A'].fieldRef.fieldPath': got 'spec.hostname', expected one of metadata.name, metadata.namespace, metadata.uid, spec.nodeName, spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP, status.podIPs, metadata.labels['<key>'] or metadata.annotations['<key>']. Map names to strings or EnvValues"],
  ['env: an unknown API version', () => ({ env: { A: EnvValue.fromFieldRef(wrong('metadata.name'), { apiVersion: 'v2' }) } }), "prop 'env['A'].fieldRef.apiVersion': got 'v2', expected 'v1'. Map names to strings or EnvValues"],
  ['env: a divisor that is no quantity', () => ({ env: { A: EnvValue.fromResource(wrong('limits.cpu'), { divisor: '1Mi' }) } }), "prop 'env['A'].resourceFieldRef.divisor': got '1Mi', expected '1' or '1m'. Map names to strings or EnvValues"],
  ['writablePaths: relative', () => ({ writablePaths: ['cache'] }), "prop 'writablePaths[0]': got 'cache', expected an absolute path other than '/', without ':' and parts that are empty, '.' or '..'. List directories, such as '/var/cache/app'"],
  ['writableSize: a number', () => ({ writableSize: 64 }), "prop 'writableSize': got 64, expected a Size of at least 1048576 bytes and at most 1099511627776. Leave it out for 64 MiB"],
  ['sidecars: two ports of one name', () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', ports: [{ name: 'x', port: 9001 }, { name: 'x', port: 9002 }] }] }), "prop 'sidecars': got 'x', expected a name that no other port of the pod has. Change one 'name'"],
  ['sidecars: the number of the main port', () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', ports: [{ name: 'x', port: 8080 }] }] }), "prop 'sidecars': got '8080/TCP', expected a port that no other port of the pod has. Change one 'port'"],
  ['sidecars: an unknown option', () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', restart: true }] }), "prop 'sidecars[0].restart': got an unknown prop, expected one of allowSecretLookingEnv, args, command, env, image, liveness, name, ports, readiness, resources, startup, user, writablePaths, writableSize. Remove it"],
  ['pullPolicy: lower case', () => ({ pullPolicy: 'always' }), "prop 'pullPolicy': got 'always', expected 'IfNotPresent' or 'Always' or 'Never'. Leave it out for 'IfNotPresent'"],
  ['pullSecrets: text, which may be a credential', () => ({ pullSecrets: 'hunter2' }), "prop 'pullSecrets': got a string, expected a list, each item a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"],
  ['pullSecrets: names', () => ({ pullSecrets: ['registry'] }), "prop 'pullSecrets[0]': got a string, expected a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"],
  ['quality: unknown', () => ({ quality: 'best' }), "prop 'quality': got 'best', expected 'burstable' or 'guaranteed'. Leave it out for 'burstable'"],
  ['spread: hard for one', () => ({ replicas: 1, spread: 'hard' }), "prop 'spread': got 'hard', expected 'soft' for 1 replicas. Spread hard from two replicas up"],
  ['tolerations: a value without key', () => ({ tolerations: [{ value: 'x' }] }), "prop 'tolerations[0].value': got 'x', expected a value only beside a 'key'. Give the 'key' of the taint"],
  ['priorityClassName: upper case', () => ({ priorityClassName: 'High' }), "prop 'priorityClassName': got 'High', expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Name a PriorityClass of the cluster"],
  ['egress: unknown', () => ({ egress: 'closed' }), "prop 'egress': got 'closed', expected 'open' or 'declared'. Leave it out for 'open'"],
  ['egressTo: text', () => ({ egress: 'declared', egressTo: ['0.0.0.0/0'] }), "prop 'egressTo[0]': got '0.0.0.0/0', expected an Egress, e.g. Egress.internet(). Use Egress.internet(), Egress.cidr('10.0.0.0/8') or Egress.to(peer)"],
  ['egressTo: a bad range', () => ({ egress: 'declared', egressTo: [Egress.cidr('10.0.0.0/33')] }), "prop 'egressTo[0]': got '10.0.0.0/33', expected a CIDR range such as 10.0.0.0/8 or fd00::/8. Write the network address and its prefix length, such as '10.20.0.0/16'"],
  ['egressTo: a destination left out', () => ({ egress: 'declared', egressTo: [Egress.to(wrong(undefined))] }), "prop 'egressTo[0]': got nothing, expected a Peer. Use Peer.pods(...), Peer.cidr(...) or Peer.fromKplus(...)"],
  ['egressTo: peers that are none', () => ({ egress: 'declared', egressTo: [Egress.to(Peer.anyOf(wrong({})))] }), "prop 'egressTo[0]': got {}, expected a network policy peer of cdk8s-plus. Pass a workload, Pods, Namespaces or an IP block"],
  ['budget: a number', () => ({ budget: 1 }), "prop 'budget': got 1, expected a DisruptionBudget, e.g. DisruptionBudget.maxUnavailable(1). Use a factory of DisruptionBudget"],
  ['budget: that lets nobody go', () => ({ budget: DisruptionBudget.minAvailable(2) }), "prop 'budget.minAvailable': got 2, expected a budget that lets at least one of 2 pods be evicted, or nodes can never be drained. Leave it out for a budget of maxUnavailable 1, which is right for any number of replicas (B14)"],
  ['budget: NaN', () => ({ budget: DisruptionBudget.maxUnavailable(NaN) }), "prop 'budget.maxUnavailable': got NaN, expected an integer from 0 to 10000, or a percentage from '0%' to '100%'. Leave it out for a budget of maxUnavailable 1, which is right for any number of replicas (B14)"],
  ['serviceAccountToken: text', () => ({ serviceAccountToken: 'true' }), "prop 'serviceAccountToken': got 'true', expected true or false. Leave it out for false"],
  ['pullSecrets: one twice', () => ({ pullSecrets: Array(2).fill(new VersionedSecret(newChart(), 'registry', { version: 'v1' })) }), "prop 'pullSecrets[1]': got 'registry-v1', expected each Secret once. Remove one of them"],
  ['an unknown prop with a known neighbour', () => ({ replica: 3 }), "prop 'replica': got an unknown prop, expected a known one. Did you mean 'replicas'?"],
  ['a prop of Kubernetes', () => ({ volumes: [] }), "prop 'volumes': got an unknown prop, expected a known one. Call mount(...) or mountSecret(...) of the workload"],
  ['envFrom in a sidecar', () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', envFrom: [] }] }), "prop 'sidecars[0].envFrom': got an unknown prop, expected a known one. Use 'env': addEnvFrom(...) of the workload fills the main container alone"],
  ['securityContext in a sidecar', () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', securityContext: {} }] }), "prop 'sidecars[0].securityContext': got an unknown prop, expected a known one. It is set; of it, 'user' and 'writablePaths' are yours"],
  ['a prop of Kubernetes in a sidecar', () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', volumeMounts: [] }] }), "prop 'sidecars[0].volumeMounts': got an unknown prop, expected a known one. Call mount(...) or mountSecret(...) of the workload, with the container's name in 'containers'"],
])('WebService, %s', (_, build, message) => {
  expect(problemsOf((chart) => new WebService(chart, 'x', untyped({ ...WEB, ...build(chart) })))).toEqual([`[app/x] ${message}`]);
});

test.each<Call>([
  ['mount with a number as path', (web, chart) => web.mount(wrong(5), new VersionedSecret(chart, 's', { version: 'v1' })), "prop 'mount.path': got 5, expected an absolute path without ':' and parts that are empty, '.' or '..'. Give the directory in the container, such as '/etc/journal'"],
  ['mount with a relative path', (web, chart) => web.mount('etc', new VersionedSecret(chart, 's', { version: 'v1' })), "prop 'mount.path': got 'etc', expected an absolute path without ':' and parts that are empty, '.' or '..'. Give the directory in the container, such as '/etc/journal'"],
  ['mount of an object', (web) => web.mount('/etc/web', wrong({})), "prop 'mount.storage': got {}, expected a VersionedConfigMap, a VersionedSecret, or a volume of cdk8s-plus (for a claim: Volume.fromPersistentVolumeClaim). Pass the construct; use mountSecret(...) for a Secret of cdk8s-plus"],
  ['mount of text, which may be a credential', (web) => web.mount('/etc/web', wrong('hunter2')), "prop 'mount.storage': got a string, expected a VersionedConfigMap, a VersionedSecret, or a volume of cdk8s-plus (for a claim: Volume.fromPersistentVolumeClaim). Pass the construct; use mountSecret(...) for a Secret of cdk8s-plus"],
  ['addEnvFrom of text, which may be a credential', (web) => web.addEnvFrom(wrong('hunter2')), "prop 'addEnvFrom.source': got a string, expected a VersionedConfigMap or an EnvFrom of cdk8s-plus. Pass the construct"],
  ['mount with an unknown option', (web, chart) => web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), wrong({ readonly: true })), "prop 'mount.readonly': got an unknown prop, expected one of containers, hidesImageFiles, items, readOnly, subPath. Did you mean 'readOnly'?"],
  ['mount into an unknown container', (web, chart) => web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), { containers: ['proxy'] }), "prop 'mount.containers': got ['proxy'], expected a list of container names of the pod (main). Leave it out for the main container"],
  ['mount of an item at a name of the kubelet', (web, chart) => web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), { items: { a: '..data' } }), "prop 'mount.items['a']': got '..data', expected a relative path without parts that are empty, '.' or '..'. Map keys to file names (CH04-11)"],
  ['mount of two items at one path', (web, chart) => web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), { items: { a: 'x', b: 'x/y' } }), "prop 'mount.items': got 'x/y', expected paths that can be files beside each other. Give each key a path of its own (CH04-11)"],
  ['addEnvFrom of a Secret with a bad name', (web, chart) => web.addEnvFrom(Env.fromSecret(Secret.fromSecretName(chart, 'ref', 'A_b'))), "prop 'addEnvFrom.source.secretRef.name': got 'A_b', expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Pass a reference to a ConfigMap or a Secret"],
  ['addEnv with a bad key of a Secret', (web, chart) => web.addEnv('A', EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 'ref', 'a'), key: '' })), "prop 'addEnv['A'].secretKeyRef.key': got '', expected at most 253 letters, digits, '-', '_' and '.', but not '.' or starting with '..'. Pass a string or an EnvValue"],
  ['mount with options that are text', (web, chart) => web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), wrong('ro')), "prop 'mount': got 'ro', expected an object. Pass the props as an object literal"],
  ['mountSecret of a name', (web) => web.mountSecret('/etc/web', wrong('secret')), "prop 'mountSecret.secret': got a string, expected a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"],
  ['addEnv with a bad name', (web) => web.addEnv('1A', 'x'), "prop 'addEnv['1A']': got '1A', expected letters, digits, '_', '-' and '.', not starting with a digit. Choose another name"],
  ['addEnv with a number as name', (web) => web.addEnv(wrong(3), 'x'), "prop 'addEnv': got 3, expected letters, digits, '_', '-' and '.', not starting with a digit. Choose another name"],
  ['addEnv without a value', (web) => web.addEnv('A', wrong(undefined)), "prop 'addEnv['A']': got nothing, expected a string or an EnvValue. Pass a string or an EnvValue"],
  ['addEnvFrom of nothing', (web) => web.addEnvFrom(wrong(undefined)), "prop 'addEnvFrom.source': got nothing, expected a VersionedConfigMap or an EnvFrom of cdk8s-plus. Pass the construct"],
  ['addEnvFrom with a bad prefix', (web, chart) => web.addEnvFrom(new VersionedConfigMap(chart, 'c', { data: { A: '1' } }), { prefix: '1-' }), "prop 'addEnvFrom.prefix': got '1-', expected letters, digits and '_', not starting with a digit. Use letters, digits and '_'"],
  ['connectTo an object', (web) => web.connectTo(wrong({})), "prop 'connectTo': got {}, expected a block that can be connected to, such as Redis. Pass the block itself"],
  ['connectTo nothing', (web) => web.connectTo(wrong(undefined)), "prop 'connectTo': got nothing, expected a block that can be connected to, such as Redis. Pass the block itself"],
  ['connectTo with a lower-case prefix', (web, chart) => web.connectTo(new WebService(chart, 'api', WEB), { prefix: 'api' }), "prop 'connectTo.prefix': got 'api', expected at most 100 upper-case letters, digits and '_', starting with a letter. Leave it out for the id of the target"],
  ['allowFrom text', (web) => web.allowFrom(wrong('10.0.0.0/8')), "prop 'allowFrom': got '10.0.0.0/8', expected a block, a Peer or an IngressController. Use Peer.pods(...), Peer.cidr(...) or Peer.fromKplus(...)"],
  ['allowFrom null', (web) => web.allowFrom(wrong(null)), "prop 'allowFrom': got null, expected a block, a Peer or an IngressController. Use Peer.pods(...), Peer.cidr(...) or Peer.fromKplus(...)"],
  ['allowFrom a bad range', (web) => web.allowFrom(Peer.cidr('10.0.0.1/8')), "prop 'allowFrom': got '10.0.0.1/8', expected a CIDR range such as 10.0.0.0/8 or fd00::/8. Write the network address and its prefix length, such as '10.20.0.0/16'"],
  ['allowFrom with ports as text', (web) => web.allowFrom(Peer.cidr('10.0.0.0/8'), wrong({ ports: '8080' })), "prop 'allowFrom.ports': got '8080', expected a list, each item an integer from 1 to 65535. Leave it out for all declared ports"],
  ['allowFrom a controller with no ranges', (web) => web.allowFrom(IngressController.fromCidrs(wrong(5), { className: 'alb' })), "prop 'allowFrom': got 5, expected a CIDR range such as 10.0.0.0/8 or fd00::/8. Write the network address and its prefix length, such as '10.20.0.0/16'"],
])('methods of WebService: %s', (_, call, message) => {
  expect(problemsOf((chart) => call(new WebService(chart, 'x', WEB), chart))).toEqual([`[app/x] ${message}`]);
});

test.each<Row>([
  ['image: latest', () => ({ image: 'acme/site:latest' }), "prop 'image': got 'acme/site:latest', expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Give the version to run, such as ghcr.io/acme/shop:1.4.2 (CH01-09)"],
  ['content: an object', () => ({ content: { 'index.html': 'hi' } }), "prop 'content': got {index.html}, expected a VersionedConfigMap. Use new VersionedConfigMap(this, 'content', { folder: './site' })"],
  ['root: relative', () => ({ image: 'acme/site:1.0', root: 'srv' }), "prop 'root': got 'srv', expected an absolute path of letters, digits, '_', '.', '-' and '/', without parts that are empty, '.' or '..'. Leave it out for /usr/share/nginx/html"],
  ['fallback: a number', () => ({ image: 'acme/site:1.0', fallback: 404 }), "prop 'fallback': got 404, expected an absolute path of letters, digits, '_', '.', '-' and '/', without parts that are empty, '.' or '..'. Give a path in the site, such as '/index.html'"],
  ['replicas: infinite', () => ({ image: 'acme/site:1.0', replicas: Infinity }), "prop 'replicas': got Infinity, expected an integer from 0 to 10000. Leave it out for 2 (CH01-11)"],
])('StaticSite, %s', (_, build, message) => {
  expect(problemsOf((chart) => new StaticSite(chart, 'x', untyped(build(chart))))).toEqual([`[app/x] ${message}`]);
});

test.each<Row>([
  ['password: nothing', () => ({ password: undefined }), "prop 'password': got nothing, expected the key of a Secret: { secret, key }. Write { secret: Secret.fromSecretName(this, 'redis-passwd', 'redis-passwd'), key: 'passwd' } (CH01-35)"],
  ['password: no key', (chart) => ({ password: { secret: Secret.fromSecretName(chart, 's', 'redis') } }), "prop 'password.key': got nothing, expected at most 253 letters, digits, '-', '_' and '.', but not '.' or starting with '..'. Write { secret: Secret.fromSecretName(this, 'redis-passwd', 'redis-passwd'), key: 'passwd' } (CH01-35)"],
  ['password: a name for the secret', () => ({ password: { secret: 'redis', key: 'password' } }), "prop 'password.secret': got a string, expected a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"],
  ['storage: nothing', () => ({ storage: undefined }), "prop 'storage': got nothing, expected a Size of at least 1073741824 bytes. Give the size of one volume, such as Size.gibibytes(10) (DX-25)"],
  ['storage: a number', () => ({ storage: 10 }), "prop 'storage': got 10, expected a Size of at least 1073741824 bytes. Give the size of one volume, such as Size.gibibytes(10) (DX-25)"],
  ['storage: too small', () => ({ storage: Size.mebibytes(512), maxMemory: Size.mebibytes(64) }), "prop 'storage': got 536870912 bytes, expected a Size of at least 1073741824 bytes. Give the size of one volume, such as Size.gibibytes(10) (DX-25)"],
  ['storage: less than 4 times the memory', () => ({ storage: Size.gibibytes(1), maxMemory: Size.gibibytes(1) }), "prop 'storage': got 1Gi, expected at least 4 times maxMemory (4Gi). While the append-only file is rewritten, several copies of the data are on the volume: enlarge it (DX-20)"],
  ['replicas: zero', () => ({ replicas: 0 }), "prop 'replicas': got 0, expected an integer from 1 to 100. Leave it out for 3 (CH01-54)"],
  ['replicas: too many', () => ({ replicas: 101 }), "prop 'replicas': got 101, expected an integer from 1 to 100. Leave it out for 3 (CH01-54)"],
  ['replicas: NaN', () => ({ replicas: NaN }), "prop 'replicas': got NaN, expected an integer from 1 to 100. Leave it out for 3 (CH01-54)"],
  ['maxMemory: too small', () => ({ maxMemory: Size.mebibytes(1) }), "prop 'maxMemory': got 1048576 bytes, expected a Size of at least 16777216 bytes. Leave it out for 256 MiB (DX-20)"],
  ['evictionPolicy: unknown', () => ({ evictionPolicy: 'lru' }), "prop 'evictionPolicy': got 'lru', expected 'noeviction' or 'allkeys-lru' or 'allkeys-lfu' or 'allkeys-random' or 'volatile-lru' or 'volatile-lfu' or 'volatile-random' or 'volatile-ttl'. Leave it out for 'noeviction'"],
  ['fsync: false', () => ({ fsync: false }), "prop 'fsync': got false, expected 'everysec' or 'always'. Leave it out for 'everysec'"],
  ['cpu: text', () => ({ cpu: '250m' }), "prop 'cpu': got '250m', expected a Cpu of at least 1 milli-core, e.g. Cpu.millis(500). Leave it out for 250m"],
  ['config: a directive of the block', () => ({ config: { maxmemory: '1gb' } }), "prop 'config['maxmemory']': got 'maxmemory', expected a directive that the block leaves to its caller. Remove it: the block sets it from its prop 'maxMemory'"],
  ['config: two lines', () => ({ config: { hz: '10\nrequirepass x' } }), "prop 'config['hz']': got '10 requirepass x', expected one line. Write { directive: value } as in redis.conf"],
  ['a prop of Kubernetes that is the block\'s own but for one', () => ({ securityContext: {} }), "prop 'securityContext': got an unknown prop, expected a known one. It is set; of it, 'user' is yours"],
  ['image: latest', () => ({ image: 'redis:latest' }), "prop 'image': got 'redis:latest', expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Leave it out for docker.io/library/redis:7.2.11-bookworm (CH01-09)"],
  ['name: of 53 characters', () => ({ name: 'a'.repeat(53) }), "prop 'name': got 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', expected at most 52 lower-case letters, digits and '-', starting with a letter, ending with a letter or digit. Set 'name', or choose other construct ids (DX-12)"],
  ['storageClassName: empty', () => ({ storageClassName: '' }), "prop 'storageClassName': got '', expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Leave it out for the cluster's default (CH01-52)"],
  ['startupTimeout: one second', () => ({ startupTimeout: Duration.seconds(1) }), "prop 'startupTimeout': got 1 s, expected a Duration of 10 to 3600 whole seconds. Leave it out for 5 minutes"],
  ['an unknown prop', () => ({ sentinel: true }), "prop 'sentinel': got an unknown prop, expected one of alsoAccepts, annotations, budget, config, cpu, egress, egressTo, evictionPolicy, fsync, image, initContainers, labels, maxMemory, name, nodeSelector, password, placeOn, podAnnotations, podLabels, priorityClass, priorityClassName, pullPolicy, pullSecrets, quality, registries, replicas, runtimeClass, runtimeClassName, serviceAccountToken, sidecars, spread, startupTimeout, storage, storageClassName, terminationGracePeriod, tolerations, user, workloadIdentity. Remove it"],
])('Redis, %s', (_, build, message) => {
  expect(problemsOf((chart) => new Redis(chart, 'x', untyped({ ...REDIS, password: passwordOf(chart), ...build(chart) })))).toEqual([`[app/x] ${message}`]);
});

test.each<Row>([
  ['no content', () => ({}), "prop 'data': got nothing, expected 'data', 'files' or 'folder'. Give the content at construction: the name depends on it (CH01-33)"],
  ['data: a list', () => ({ data: ['a'] }), "prop 'data': got a list, expected a map, each key at most 253 letters, digits, '-', '_' and '.', but not '.' or starting with '..', each value a string. Map keys to text; write JSON.stringify(value) for a document (DX-44)"],
  ['data: an object as value', () => ({ data: { a: { b: 1 } } }), "prop 'data['a']': got {b}, expected a string. Map keys to text; write JSON.stringify(value) for a document (DX-44)"],
  ['data: a bad key', () => ({ data: { 'a b': 'x' } }), "prop 'data['a b']': got 'a b', expected at most 253 letters, digits, '-', '_' and '.', but not '.' or starting with '..'. Map keys to text; write JSON.stringify(value) for a document (DX-44)"],
  ['data: the key constructor', () => ({ data: { constructor: 'x' } }), "prop 'data['constructor']': got 'constructor', expected at most 253 letters, digits, '-', '_' and '.', but not '.' or starting with '..', but not 'constructor'. Map keys to text; write JSON.stringify(value) for a document (DX-44)"],
  ['data: more than 1 MiB', () => ({ data: { a: 'x'.repeat(1024 * 1024 + 1) } }), "prop 'data': got 1048577 bytes, expected at most 1048576 bytes in all values. Put large files into the image or on a volume (CH04-06)"],
  ['data: a credential', () => ({ data: { 'db.conf': 'password = hunter2' } }), "prop 'data['db.conf']': got content that looks like a credential, expected configuration only. Put it into a Secret, or list 'db.conf' in 'allowSecretLookingData' (CH01-39)"],
  ['files: a missing file', () => ({ files: { a: '/nonexistent/a' } }), "prop 'files': got '/nonexistent/a', expected a file that can be read. The system says ENOENT: check the path; relative ones start at the working directory"],
  ['folder: a missing folder', () => ({ folder: '/nonexistent' }), "prop 'folder': got '/nonexistent', expected a folder that can be read. The system says ENOENT: check the path; relative ones start at the working directory"],
  ['folder: null', () => ({ folder: null }), "prop 'folder': got null, expected a non-empty string. Give the path of a folder"],
  ['reload: unknown', () => ({ data: { a: '1' }, reload: 'always' }), "prop 'reload': got 'always', expected 'version' or 'watch' or 'checksum'. Leave it out for 'version'"],
  ['name: of 53 characters', () => ({ data: { a: '1' }, name: 'a'.repeat(53) }), "prop 'name': got 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', expected at most 52 lower-case letters, digits and '-', starting and ending with a letter or digit. Set 'name', or choose other construct ids (DX-12)"],
  ['an unknown prop', () => ({ data: { a: '1' }, imutable: true }), "prop 'imutable': got an unknown prop, expected one of allowSecretLookingData, annotations, data, files, folder, labels, name, reload. Remove it"],
])('VersionedConfigMap, %s', (_, build, message) => {
  expect(problemsOf((chart) => new VersionedConfigMap(chart, 'x', untyped(build(chart))))).toEqual([`[app/x] ${message}`]);
});

test.each<Row>([
  ['version: nothing', () => ({}), "prop 'version': got nothing, expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Give the version of the content, such as 'v1' (CH01-33)"],
  ['version: a number', () => ({ version: 2 }), "prop 'version': got 2, expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Give the version of the content, such as 'v1' (CH01-33)"],
  ['version: a space in it', () => ({ version: 'v 2' }), "prop 'version': got 'v 2', expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Give the version of the content, such as 'v1' (CH01-33)"],
  ['keys: one string', () => ({ version: 'v1', keys: 'a' }), "prop 'keys': got 'a', expected a list, each item at most 253 letters, digits, '-', '_' and '.', but not '.' or starting with '..'. List the keys"],
  ['type: empty', () => ({ version: 'v1', type: '' }), "prop 'type': got '', expected a non-empty string. Leave it out for 'Opaque' (CH04-07)"],
  ['name: upper case', () => ({ version: 'v1', name: 'Redis' }), "prop 'name': got 'Redis-v1', expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Choose another name (DX-12)"],
  ['a value', () => ({ version: 'v1', value: 'hunter2' }), "prop 'value': got an unknown prop, expected one of keys, name, type, version. Remove it"],
])('VersionedSecret, %s', (_, build, message) => {
  expect(problemsOf((chart) => new VersionedSecret(chart, 'x', untyped(build(chart))))).toEqual([`[app/x] ${message}`]);
});

test.each<Row>([
  ['host: nothing', () => ({ host: undefined }), "prop 'host': got nothing, expected a DNS name such as app.example.com. Give the host, such as 'journal.example.com' (DX-39)"],
  ['host: a wildcard', () => ({ host: '*.example.com' }), "prop 'host': got '*.example.com', expected a DNS name such as app.example.com. Give the host, such as 'journal.example.com' (DX-39)"],
  ['host: an address', () => ({ host: '10.0.0.1' }), "prop 'host': got '10.0.0.1', expected a DNS name such as app.example.com. Give the host, such as 'journal.example.com' (DX-39)"],
  ['host: empty', () => ({ host: '' }), "prop 'host': got '', expected a DNS name such as app.example.com. Give the host, such as 'journal.example.com' (DX-39)"],
  ['tls: true', () => ({ tls: true }), "prop 'tls': got true, expected a Tls, e.g. Tls.certManager({ clusterIssuer }). Use Tls.certManager(...), Tls.secret(...), or Tls.none() for plain HTTP (CH01-71)"],
  ['controller: a class name', () => ({ controller: 'nginx' }), "prop 'controller': got 'nginx', expected an IngressController. Use IngressController.inNamespace('traefik', { className: 'traefik' }) or IngressController.fromCidrs(...) (CH01-25)"],
  ['routes: nothing', () => ({ routes: undefined }), "prop 'routes': got nothing, expected a list, each item a route. Write [{ path: '/', backend: frontend }] (CH01-62)"],
  ['routes: one route', () => ({ routes: { path: '/' } }), "prop 'routes': got {path}, expected a list, each item a route. Write [{ path: '/', backend: frontend }] (CH01-62)"],
  ['routes: an item left out', () => ({ routes: [undefined] }), "prop 'routes[0]': got nothing, expected a route. Write [{ path: '/', backend: frontend }] (CH01-62)"],
  ['defaultBackend: text', () => ({ defaultBackend: 'web' }), "prop 'defaultBackend': got 'web', expected a block with a Service, such as WebService. Pass a WebService or a StaticSite (DX-05)"],
  ['annotations: a number as value', () => ({ annotations: { a: 1 } }), "prop 'annotations['a']': got 1, expected a string. Map annotation names to text"],
  ['an unknown prop', () => ({ hosts: ['a.example.com'] }), "prop 'hosts': got an unknown prop, expected one of annotations, controller, defaultBackend, host, labels, name, routes, tls. Did you mean 'host'?"],
])('HttpRouting, %s', (_, build, message) => {
  expect(problemsOf((chart) => new HttpRouting(chart, 'x', untyped({ ...ROUTING, routes: [{ path: '/', backend: new WebService(chart, 'web', WEB) }], ...build(chart) })))).toEqual([`[app/x] ${message}`]);
});

describe('without any props, as JavaScript allows', () => {
  const blocks = { WebService, StaticSite, Redis, VersionedConfigMap, VersionedSecret, HttpRouting };

  test.each([
    ['WebService', ['port', 'image', 'readiness']],
    ['StaticSite', ['image']],
    ['Redis', ['storage', 'password']],
    ['VersionedConfigMap', ['data']],
    ['VersionedSecret', ['version']],
    ['HttpRouting', ['host', 'tls', 'routes', 'controller']],
  ] as const)('%s names what it misses', (block, props) => {
    const Block = blocks[block] as unknown as new (scope: Chart, id: string) => object;
    const messages = problemsOf((chart) => new Block(chart, 'x'));
    expect(messages.map((message) => /^\[app\/x\] prop '(\w+)': got nothing, expected /.exec(message)?.[1])).toEqual(props);
  });

  test.each(Object.keys(blocks) as Array<keyof typeof blocks>)('%s says that null, text and lists are no props', (block) => {
    const Block = blocks[block] as unknown as new (scope: Chart, id: string, props: unknown) => object;
    const [first, second, third] = [null, 'ab', [1]].map((props) => problemsOf((chart) => new Block(chart, 'x', props)));
    expect(first).toContain("[app/x] prop 'props': got null, expected an object. Pass the props as an object literal");
    expect(second).toContain("[app/x] prop 'props': got 'ab', expected an object. Pass the props as an object literal");
    expect(third).toContain("[app/x] prop 'props': got [1], expected an object. Pass the props as an object literal");
  });

  test('value classes without arguments are reported by the block', () => {
    const nothing = wrong(undefined);
    expect(problemsOf((chart) => new WebService(chart, 'x', {
      ...WEB,
      readiness: Probe.httpGet(nothing),
      resources: Resources.of(nothing),
      autoscaling: Autoscaling.onCpu(nothing),
      budget: DisruptionBudget.maxUnavailable(nothing),
    })).map((message) => /prop '([\w.]+)': got nothing/.exec(message)?.[1])).toEqual([
      'resources.cpu', 'resources.memory', 'readiness', 'autoscaling.min', 'autoscaling.max', 'autoscaling.target', 'budget.maxUnavailable',
    ]);
  });
});

describe('several mistakes', () => {
  const PORT = "prop 'port': got 0, expected an integer from 1 to 65535. Give the port that the process listens on";
  const REPLICAS = "prop 'replicas': got -1, expected an integer from 0 to 10000. Leave it out for 2 (CH01-11)";

  test('in several blocks and charts are all in one failure, each with its path', () => {
    const app = new App();
    const front = newChart('shop', 'front', app);
    const back = newChart('shop', 'back', app);
    new WebService(front, 'web', { ...WEB, port: 0, replicas: -1 });
    new WebService(back, 'web', { ...WEB, port: 0 });
    new VersionedConfigMap(back, 'config', { data: { 'a b': '' } });
    expect(() => app.synthYaml()).toThrow(new Error([
      'Validation failed with the following errors:',
      `[front/web] ${PORT}`,
      `[front/web] ${REPLICAS}`,
      `[back/web] ${PORT}`,
      "[back/config] prop 'data['a b']': got 'a b', expected at most 253 letters, digits, '-', '_' and '.', but not '.' or starting with '..'. Map keys to text; write JSON.stringify(value) for a document (DX-44)",
    ].join('\n  ')));
  });

  test('are said once, however often one prop is read', () => {
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, user: 0 }))).toHaveLength(1);
  });

  test('of a call come beside those of the props', () => {
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, port: 0 }).addEnv('1A', 'x'))).toEqual([
      `[app/web] ${PORT}`,
      "[app/web] prop 'addEnv['1A']': got '1A', expected letters, digits, '_', '-' and '.', not starting with a digit. Choose another name",
    ]);
  });

  test('a refused password is not reported by the clients too', () => {
    expect(problemsOf((chart) => new WebService(chart, 'web', WEB).connectTo(new Redis(chart, 'redis', { ...REDIS, password: wrong(undefined) })))).toEqual([
      expect.stringMatching(/^\[app\/redis\] prop 'password': got nothing/),
    ]);
  });
});

describe('on failure', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'output-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function app(port: number, outdir = folder): App {
    const created = new App({ outdir });
    new WebService(newChart('shop', 'a-fine', created), 'web', WEB);
    new WebService(newChart('shop', 'broken', created), 'web', { ...WEB, port });
    return created;
  }

  test('nothing is written', () => {
    expect(() => app(0).synth()).toThrow("[broken/web] prop 'port': got 0");
    expect(readdirSync(folder)).toEqual([]);
  });

  test('old files stay as they were', () => {
    app(8080).synth();
    writeFileSync(join(folder, 'kustomization.yaml'), 'resources: []\n');
    const files = (): string[][] => readdirSync(folder).sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
    const before = files();
    expect(before.map(([file]) => file)).toEqual(['a-fine.k8s.yaml', 'broken.k8s.yaml', 'kustomization.yaml']);
    expect(() => app(NaN).synth()).toThrow("[broken/web] prop 'port': got NaN");
    expect(files()).toEqual(before);
  });

  test('no refused object is rendered, not even without validation', () => {
    const chart = newChart();
    const web = new WebService(chart, 'web', { ...WEB, port: 0 });
    expect(() => web.deployment.toJson() as unknown).toThrow("[app/web] prop 'port': got 0, expected an integer from 1 to 65535.");
    expect(existsSync(join(folder, 'app.k8s.yaml'))).toBe(false);
  });
});

describe('what may be a credential is not quoted', () => {
  const secret = 'hunter2';
  test.each<[string, (chart: Chart) => void, string]>([
    ['a number as a variable', (chart) => new WebService(chart, 'x', { ...WEB, env: wrong({ PASSWORD: 12345678 }) }), "[app/x] prop 'env['PASSWORD']': got a number, expected a string or an EnvValue. Map names to strings or EnvValues"],
    ['text that YAML does not carry', (chart) => new WebService(chart, 'x', { ...WEB, env: { PASSWORD: '0o17' } }), `[app/x] prop 'env['PASSWORD']': got a string, expected ${CARRIED_TEXT}. Map names to strings or EnvValues`],
    ['a list as a variable', (chart) => new WebService(chart, 'x', { ...WEB, env: wrong({ P2: [secret] }) }), "[app/x] prop 'env['P2']': got a list, expected a string or an EnvValue. Map names to strings or EnvValues"],
    ['a list of variables', (chart) => new WebService(chart, 'x', { ...WEB, env: wrong([`P2=${secret}`]) }), "[app/x] prop 'env': got a list, expected a map, each key letters, digits, '_', '-' and '.', not starting with a digit, each value a string or an EnvValue. Map names to strings or EnvValues"],
    ['a number as a later variable', (chart) => new WebService(chart, 'x', WEB).addEnv('PASSWORD', wrong(1234567)), "[app/x] prop 'addEnv['PASSWORD']': got a number, expected a string or an EnvValue. Pass a string or an EnvValue"],
    ['a command line', (chart) => new WebService(chart, 'x', { ...WEB, args: wrong(`--password=${secret}`) }), "[app/x] prop 'args': got a string that looks like a credential, expected a list, each item a string. Give words, such as ['--verbose']"],
    ['a number in a ConfigMap', (chart) => new VersionedConfigMap(chart, 'x', { data: wrong({ password: 1234567 }) }), "[app/x] prop 'data['password']': got a number, expected a string. Map keys to text; write JSON.stringify(value) for a document (DX-44)"],
    ['a list in a ConfigMap', (chart) => new VersionedConfigMap(chart, 'x', { data: wrong({ p: [secret] }) }), "[app/x] prop 'data['p']': got a list, expected a string. Map keys to text; write JSON.stringify(value) for a document (DX-44)"],
    ['the password of a connection', (chart) => new WebService(chart, 'x', WEB).connectTo(new WebService(chart, 'y', WEB), { password: wrong(secret) }), "[app/x] prop 'connectTo.password': got a string, expected the key of a Secret: { secret, key }. Write { secret, key }, with a Secret of this namespace"],
    ['the password of Redis', (chart) => new Redis(chart, 'x', { ...REDIS, password: wrong(12345678) }), "[app/x] prop 'password': got a number, expected the key of a Secret: { secret, key }. Write { secret: Secret.fromSecretName(this, 'redis-passwd', 'redis-passwd'), key: 'passwd' } (CH01-35)"],
    ['the Secret of Redis', (chart) => new Redis(chart, 'x', { ...REDIS, password: { secret: wrong(secret), key: 'key' } }), "[app/x] prop 'password.secret': got a string, expected a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"],
    ['a Secret to pull images', (chart) => new WebService(chart, 'x', { ...WEB, pullSecrets: wrong([secret]) }), "[app/x] prop 'pullSecrets[0]': got a string, expected a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"],
  ])('%s', (_, build, message) => {
    expect(problemsOf(build)).toEqual([message]);
  });
});

describe('any value for any prop', () => {
  // one line each, with the path in front; duplicates of objects are reported by the app, whose path is empty
  const FORM = /^\[.*\] .+: got .+, expected .+\. .+/s;
  const junk = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true, withSparseArray: true, withTypedArray: true });

  const WORKLOAD = [
    'name', 'labels', 'annotations', 'podLabels', 'podAnnotations', 'registries', 'pullPolicy', 'pullSecrets', 'serviceAccountToken', 'quality',
    'terminationGracePeriod', 'sidecars', 'initContainers', 'egress', 'egressTo', 'budget', 'spread', 'nodeSelector', 'tolerations', 'priorityClassName',
  ];
  const CONTAINER = ['image', 'command', 'args', 'env', 'allowSecretLookingEnv', 'resources', 'user', 'writablePaths', 'writableSize'];

  type Case = [block: string, props: string[], build: (chart: Chart, props: Record<string, unknown>) => void];
  const cases: Case[] = [
    ['WebService', [
      ...WORKLOAD, ...CONTAINER, 'port', 'portName', 'extraPorts', 'readiness', 'liveness', 'startup', 'startupTimeout', 'drain', 'replicas', 'autoscaling',
      'rollout', 'minReady', 'progressDeadline', 'revisionHistory', 'service', 'unknown',
    ], (chart, props) => new WebService(chart, 'x', { ...WEB, ...props })],
    ['StaticSite', [...WORKLOAD, 'image', 'content', 'root', 'fallback', 'replicas', 'autoscaling', 'resources', 'user', 'service', 'unknown'],
      (chart, props) => new StaticSite(chart, 'x', { image: 'acme/site:1.0', ...props })],
    ['Redis', [
      ...WORKLOAD, 'password', 'storage', 'replicas', 'image', 'user', 'maxMemory', 'evictionPolicy', 'cpu', 'fsync', 'storageClassName', 'config', 'startupTimeout', 'unknown',
    ], (chart, props) => new Redis(chart, 'x', { ...REDIS, password: passwordOf(chart), ...props })],
    ['VersionedConfigMap', ['name', 'data', 'files', 'folder', 'reload', 'allowSecretLookingData', 'labels', 'annotations', 'unknown'],
      (chart, props) => new VersionedConfigMap(chart, 'x', props)],
    ['VersionedSecret', ['name', 'version', 'keys', 'type', 'unknown'], (chart, props) => new VersionedSecret(chart, 'x', { version: 'v1', ...props })],
    ['HttpRouting', ['host', 'tls', 'controller', 'routes', 'defaultBackend', 'name', 'labels', 'annotations', 'unknown'],
      (chart, props) => new HttpRouting(chart, 'x', { ...ROUTING, routes: [], defaultBackend: new WebService(chart, 'web', WEB), ...props })],
  ];

  const WORDS = [
    'A', 'name', 'image', 'path', 'port', 'ports', 'value', 'valueFrom', 'secretKeyRef', 'configMapKeyRef', 'secret', 'key', 'node', 'scope', 'cpu', 'memory',
    'min', 'max', 'target', 'amount', 'backend', 'serviceName', 'env', 'labels', 'namespace', 'className', 'podLabels', 'issuer', 'items', 'containers',
    'except', 'prefix', 'seconds', 'constructor', 'toString', 'toPeer', 'asVolume', '__proto__',
  ];
  const map = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.dictionary(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })), value, { maxKeys: 4 });
  /** Junk on its own, in lists and in maps, also with the keys that the checks look at. */
  const nested = fc.oneof(junk, map(junk), map(map(junk)), fc.array(fc.oneof(junk, map(junk), map(map(junk))), { maxLength: 3 }));

  function check(build: (chart: Chart) => void): void {
    const odd = problemsOf(build).filter((message) => !FORM.test(message));
    expect(odd).toEqual([]);
  }

  test.each(cases)('%s never throws in its constructor, and synthesis succeeds or gives messages', (_, names, build) => {
    const prop = fc.constantFrom(...names);
    fc.assert(fc.property(fc.uniqueArray(fc.tuple(prop, nested), { minLength: 1, maxLength: 3, selector: ([name]) => name }), (given) => {
      // a folder or file of that name would be read
      const props = Object.fromEntries(given.filter(([name, value]) => !(name === 'folder' && typeof value === 'string')));
      check((chart) => {
        expect(() => build(chart, props)).not.toThrow();
      });
    }), { numRuns: 300 });
  });

  const METHODS: Array<[string, (web: WebService, args: unknown[]) => void]> = [
    ['mount', (web, [a, b, c]) => web.mount(wrong(a), wrong(b), wrong(c))],
    ['mountSecret', (web, [a, b, c]) => web.mountSecret(wrong(a), wrong(b), wrong(c))],
    ['addEnv', (web, [a, b]) => web.addEnv(wrong(a), wrong(b))],
    ['addEnvFrom', (web, [a, b]) => web.addEnvFrom(wrong(a), wrong(b))],
    ['connectTo', (web, [a, b]) => web.connectTo(wrong(a), wrong(b))],
    ['allowFrom', (web, [a, b]) => web.allowFrom(wrong(a), wrong(b))],
  ];

  test.each(METHODS)('%s never throws', (_, call) => {
    fc.assert(fc.property(fc.array(nested, { minLength: 3, maxLength: 3 }), (args) => check((chart) => {
      const web = new WebService(chart, 'x', WEB);
      expect(() => call(web, args)).not.toThrow();
    })), { numRuns: 150 });
  });

  const FACTORIES: Array<[string, (a: never, b: never) => Record<string, unknown>]> = [
    ['Probe.httpGet', (a, b) => ({ readiness: Probe.httpGet(a, b) })],
    ['Probe.exec', (a, b) => ({ readiness: Probe.exec(a, b) })],
    ['Probe.grpc', (a) => ({ readiness: Probe.grpc(a) })],
    ['Resources.of', (a) => ({ resources: Resources.of(a) })],
    ['Resources.withoutCpuLimit', (a) => ({ resources: Resources.withoutCpuLimit(a) })],
    ['Autoscaling.on', (a) => ({ autoscaling: Autoscaling.on(a) })],
    ['Rollout.rolling', (a) => ({ rollout: Rollout.rolling(a) })],
    ['DisruptionBudget.minAvailable', (a) => ({ budget: DisruptionBudget.minAvailable(a) })],
    ['Egress.cidr', (a, b) => ({ egress: 'declared', egressTo: [Egress.cidr(a, b)] })],
    ['Egress.to', (a, b) => ({ egress: 'declared', egressTo: [Egress.to(a, b)] })],
    ['Peer.pods', (a) => ({ egress: 'declared', egressTo: [Egress.to(Peer.pods(a))] })],
    ['Peer.fromKplus', (a) => ({ egress: 'declared', egressTo: [Egress.to(Peer.fromKplus(a))] })],
    ['Peer.anyOf', (a, b) => ({ egress: 'declared', egressTo: [Egress.to(Peer.anyOf(a, b))] })],
  ];

  test.each(FACTORIES)('%s never throws, nor does the block that uses it', (_, props) => {
    fc.assert(fc.property(nested, nested, (a, b) => check((chart) => {
      expect(() => new WebService(chart, 'x', { ...WEB, ...props(wrong(a), wrong(b)) })).not.toThrow();
    })), { numRuns: 100 });
  });

  test.each([
    ['Tls.certManager', (a: never) => ({ tls: Tls.certManager(a) })],
    ['Tls.secret', (a: never) => ({ tls: Tls.secret(a) })],
    ['IngressController.inNamespace', (a: never, b: never) => ({ controller: IngressController.inNamespace(a, b) })],
    ['IngressController.fromCidrs', (a: never, b: never) => ({ controller: IngressController.fromCidrs(a, b) })],
  ])('%s never throws, nor does the routing that uses it', (_, props) => {
    fc.assert(fc.property(nested, nested, (a, b) => check((chart) => {
      const web = new WebService(chart, 'web', WEB);
      expect(() => new HttpRouting(chart, 'x', { ...ROUTING, routes: [{ path: '/', backend: web }], ...props(wrong(a), wrong(b)) })).not.toThrow();
    })), { numRuns: 100 });
  });
});

test('a good app has no problems', () => {
  expect(synth((chart) => new WebService(chart, 'web', WEB))).toHaveLength(5);
});

test('two containers without a name are two mistakes, and not a third about their likeness', () => {
  const sidecars = [{ image: 'ghcr.io/acme/proxy:1.0.0' }, { image: 'ghcr.io/acme/agent:1.0.0' }];
  expect(problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, sidecars })))).toEqual([0, 1].map((index) => (
    `[app/web] prop 'sidecars[${index}].name': got nothing, expected at most 63 lower-case letters, digits and '-', starting and ending with a letter or digit. Name the container for what it does`
  )));
});
