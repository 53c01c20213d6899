import type { Probe } from 'kubernetes-types/core/v1';
import type { ProbeAction, ProbeSettings } from './probe';

export function renderProbe(settings: ProbeSettings | undefined): Probe | undefined {
  if (settings === undefined) return undefined;
  return {
    initialDelaySeconds: settings.initialDelay > 0 ? settings.initialDelay : undefined,
    periodSeconds: settings.period,
    timeoutSeconds: settings.timeout,
    failureThreshold: settings.failureThreshold,
    ...renderAction(settings.action),
  };
}

function renderAction(action: ProbeAction): Probe {
  switch (action.kind) {
    case 'httpGet': {
      const httpHeaders = Object.entries(action.headers).map(([name, value]) => ({ name, value }));
      return { httpGet: { path: action.path, port: action.port, scheme: action.scheme, httpHeaders: httpHeaders.length > 0 ? httpHeaders : undefined } };
    }
    case 'tcpSocket': return { tcpSocket: { port: action.port } };
    case 'grpc': return { grpc: { port: action.port, service: action.service } };
    case 'exec': return { exec: { command: [...action.command] } };
  }
}
