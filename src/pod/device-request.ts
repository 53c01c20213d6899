import type { Problems } from '../kernel/findings/problems';
import { integer, listOf, matching } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsSubdomain } from '../kernel/schema/syntax';

/** Options of a `DeviceRequest`. */
export interface DeviceRequestOptions {
  /**
   * Number of devices; 1 to 32.
   *
   * @default 1
   */
  readonly count?: number;

  /**
   * CEL expressions, all of which a device must match, such as `device.attributes['gpu.nvidia.com'].productName ==
   * 'NVIDIA A100-SXM4-40GB'`. At most 32, each of at most 10240 characters. The API server compiles them.
   *
   * @default - any device of the class
   */
  readonly selectors?: string[];
}

export interface DeviceSettings {
  readonly deviceClass: string;
  readonly count: number;
  readonly selectors: readonly string[];
}

/**
 * Devices from a driver with Dynamic Resource Allocation (DRA). Needs Kubernetes 1.34, the driver, and a DeviceClass.
 *
 * ```ts
 * new Job(chart, 'training', {
 *   image: 'ghcr.io/example/training:1.0.0',
 *   resources: Resources.of({
 *     cpu: Cpu.units(4),
 *     memory: Size.gibibytes(16),
 *     devices: [DeviceRequest.of('gpu.nvidia.com', { count: 2 })],
 *   }),
 * });
 * new ClusterProfile({ version: '1.34' }).assignTo(chart);
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export class DeviceRequest {
  /**
   * Requests devices of a class.
   *
   * @param deviceClass name of the DeviceClass: `kubectl get deviceclasses`
   * @param options number and selectors
   */
  public static of(deviceClass: string, options: DeviceRequestOptions = {}): DeviceRequest {
    return new DeviceRequest(deviceClass, options);
  }

  private constructor(
    /** @internal */ public readonly _deviceClass: unknown,
    /** @internal */ public readonly _options: unknown,
  ) {}
}

const EXPRESSION = matching(/\S/, 10_240, 'a CEL expression of at most 10240 characters');

export function readDeviceRequest(given: DeviceRequest, problems: Problems, prop: string): DeviceSettings {
  const deviceClass = dnsSubdomain.read(given._deviceClass, (refused, expected) =>
    problems.refuse(`${prop}.deviceClass`, refused, `the name of a DeviceClass: ${expected}`, {
      rule: 'props/value',
      fix: "Name a class of the cluster, such as 'gpu.nvidia.com': kubectl get deviceclasses",
    }),
  );
  const read = new Reader<DeviceRequestOptions>(problems, given._options, `${prop}.`);
  const settings = {
    deviceClass: deviceClass ?? 'invalid',
    count: read.optional('count', integer(1, 32), 1),
    selectors: read.optional('selectors', listOf(EXPRESSION), [], {
      fix: 'List CEL expressions, such as "device.driver == \'gpu.nvidia.com\'"',
    }),
  };
  if (settings.selectors.length > 32) {
    read.refuse('selectors', settings.selectors.length, 'at most 32 expressions', {
      rule: 'props/value',
      fix: 'Join expressions with &&',
    });
  }
  read.refuseUnknown();
  return settings;
}
