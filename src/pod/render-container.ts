import type { Container } from 'kubernetes-types/core/v1';
import type { ContainerSettings } from './container';
import { renderEnv, renderEnvFrom } from './render-env';
import { renderPort } from './render-ports';
import { renderProbe } from './render-probe';
import { renderResources } from './render-resources';
import { containerSecurity } from './render-security';
import { renderMount } from './render-volumes';

export function renderContainer(settings: ContainerSettings): Container {
  const env = renderEnv(settings.env);
  const envFrom = renderEnvFrom(settings.envFrom);
  const resources = renderResources(settings.resources);
  const probes = {
    startupProbe: renderProbe(settings.probes.startup),
    readinessProbe: renderProbe(settings.probes.readiness),
    livenessProbe: renderProbe(settings.probes.liveness),
  };
  return {
    name: settings.name,
    image: settings.image,
    imagePullPolicy: settings.pullPolicy,
    ...(settings.role === 'sidecar' ? { restartPolicy: 'Always' } : {}),
    ...(settings.command.length > 0 ? { command: [...settings.command] } : {}),
    ...(settings.args.length > 0 ? { args: [...settings.args] } : {}),
    ...(settings.ports.length > 0 ? { ports: settings.ports.map(renderPort) } : {}),
    ...(env ? { env } : {}),
    ...(envFrom ? { envFrom } : {}),
    ...(resources ? { resources } : {}),
    ...probes,
    ...(settings.drain > 0 ? { lifecycle: { preStop: { sleep: { seconds: settings.drain } } } } : {}),
    securityContext: containerSecurity(settings.user, settings.privileges),
    volumeMounts: settings.mounts.map(renderMount),
  };
}
