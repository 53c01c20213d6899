import type { ContainerPort } from 'kubernetes-types/core/v1';
import type { PortSettings } from '../network/ports';

export function renderPort({ name, port, protocol }: PortSettings): ContainerPort {
  return { name, containerPort: port, protocol };
}
