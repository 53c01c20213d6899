import type { Container } from 'kubernetes-types/core/v1';
import type { ContainerSettings } from './container';
import { renderEnv, renderEnvFrom } from './render-env';
import { renderPort } from './render-ports';
import { renderProbe } from './render-probe';
import { renderResources } from './render-resources';
import { containerSecurity } from './render-security';
import { renderMount } from './render-volumes';

export function renderContainer(settings: ContainerSettings): Container {
  return {
    name: settings.name,
    image: settings.image,
    imagePullPolicy: settings.pullPolicy,
    restartPolicy: settings.role === 'sidecar' ? 'Always' : undefined,
    command: settings.command.length > 0 ? [...settings.command] : undefined,
    args: settings.args.length > 0 ? [...settings.args] : undefined,
    ports: settings.ports.length > 0 ? settings.ports.map(renderPort) : undefined,
    env: renderEnv(settings.env, settings.envFrom),
    envFrom: renderEnvFrom(settings.envFrom),
    resources: renderResources(settings.resources),
    startupProbe: renderProbe(settings.probes.startup),
    readinessProbe: renderProbe(settings.probes.readiness),
    livenessProbe: renderProbe(settings.probes.liveness),
    lifecycle: settings.drain > 0 ? { preStop: { sleep: { seconds: settings.drain } } } : undefined,
    securityContext: containerSecurity(settings.user, settings.privileges),
    volumeMounts: settings.mounts.map(renderMount),
  };
}
