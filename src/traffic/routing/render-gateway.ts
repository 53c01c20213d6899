import { type ListenerRequest, type ListenerSettings, renderListeners } from './listeners';

export interface GatewayObjectSettings extends ListenerSettings {
  readonly className: string;
  /** The ConfigMap with the authorities of client certificates. */
  readonly clientCertificates?: string;
}

export function renderGateway(requests: readonly ListenerRequest[], settings: GatewayObjectSettings): object {
  const { className, clientCertificates } = settings;
  return {
    gatewayClassName: className,
    listeners: renderListeners(requests, settings),
    ...(clientCertificates === undefined ? {} : { tls: { frontend: { default: validatedBy(clientCertificates) } } }),
  };
}

function validatedBy(name: string): object {
  return { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name }] } };
}
