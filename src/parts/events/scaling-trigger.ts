import type { TriggerAuthentication } from './trigger-authentication';
import type { SecretKeyRef } from '../../interop/references';
import type { IConnectionTarget } from '../../network/connection';

/** Options of triggers whose server can be a block of the app. */
export interface ServerTriggerOptions {
  /**
   * The block that KEDA measures. Its network policy admits KEDA's operator. Excludes an address.
   *
   * @default - outside the app: state its address
   */
  readonly server?: IConnectionTarget;

  /**
   * Name of the port of `server`, if it has several.
   *
   * @default - its main port
   */
  readonly port?: string;

  /**
   * How KEDA authenticates.
   *
   * @default - without credentials
   */
  readonly authentication?: TriggerAuthentication;
}

/** Options of triggers on Redis. */
export interface RedisTriggerOptions extends ServerTriggerOptions {
  /**
   * `host:port` of a Redis outside the app, as the pods of KEDA resolve it.
   *
   * @default - that of `server`
   */
  readonly address?: string;

  /**
   * Key of a Secret with the password, in the namespace of the workload. Set it for a `server` in another namespace.
   *
   * @default - the password of `server`
   */
  readonly password?: SecretKeyRef;

  /**
   * Index of the database; 0 to 1000.
   *
   * @default 0
   */
  readonly database?: number;

  /**
   * Whether KEDA connects with TLS.
   *
   * @default false
   */
  readonly tls?: boolean;
}

/** Options of `ScalingTrigger.redisList`. */
export interface RedisListTrigger extends RedisTriggerOptions {
  /** Key of the list. */
  readonly list: string;

  /** Items for one pod; 1 to 1000000000. */
  readonly length: number;

  /**
   * Items above which the first pod starts; 0 to 1000000000.
   *
   * @default 0: one item starts a pod
   */
  readonly activation?: number;
}

/** Options of `ScalingTrigger.redisStream`. Set one of `length`, `pending` and `lag`. */
export interface RedisStreamTrigger extends RedisTriggerOptions {
  /** Key of the stream. */
  readonly stream: string;

  /**
   * Consumer group, for `pending` and `lag`.
   *
   * @default - none: all entries of the stream count
   */
  readonly consumerGroup?: string;

  /**
   * Entries of the stream for one pod; 1 to 1000000000. Only for a stream that consumers trim.
   *
   * @default - not measured
   */
  readonly length?: number;

  /**
   * Delivered and unacknowledged entries for one pod; 1 to 1000000000. It cannot start the first pod.
   *
   * @default - not measured
   */
  readonly pending?: number;

  /**
   * Entries that the group has not yet read, for one pod; 1 to 1000000000. Needs Redis 7.
   *
   * @default - not measured
   */
  readonly lag?: number;

  /**
   * Entries above which the first pod starts; 0 to 1000000000.
   *
   * @default 0: one entry starts a pod
   */
  readonly activation?: number;
}

/** Options of `ScalingTrigger.rabbitMq`. Set one of `length` and `rate`. */
export interface RabbitMqTrigger extends ServerTriggerOptions {
  /** Name of the queue. */
  readonly queue: string;

  /**
   * Messages of the queue for one pod; 1 to 1000000000.
   *
   * @default - not measured
   */
  readonly length?: number;

  /**
   * Published messages a second for one pod; 1 to 1000000000. Needs `protocol: 'http'`.
   *
   * @default - not measured
   */
  readonly rate?: number;

  /**
   * Value above which the first pod starts; 0 to 1000000000.
   *
   * @default 0: one message starts a pod
   */
  readonly activation?: number;

  /**
   * Address of a broker outside the app, without credentials: `amqp://host:5672/vhost` or `http://host:15672/vhost`.
   *
   * @default - that of `server`, or the parameter `host` of `authentication`
   */
  readonly address?: string;

  /**
   * Protocol: `http` is the management API.
   *
   * @default - that of the address, or `amqp`
   */
  readonly protocol?: 'amqp' | 'http';

  /**
   * Virtual host.
   *
   * @default - that of the address
   */
  readonly vhost?: string;
}

/** Options of `ScalingTrigger.kafka`. */
export interface KafkaTrigger extends ServerTriggerOptions {
  /**
   * `host:port` of brokers outside the app.
   *
   * @default - those of `server`
   */
  readonly bootstrapServers?: string[];

  /** Consumer group. */
  readonly consumerGroup: string;

  /**
   * Topic.
   *
   * @default - all topics that the group consumes
   */
  readonly topic?: string;

  /** Messages behind, for one pod; 1 to 1000000000. */
  readonly lag: number;

  /**
   * Lag above which the first pod starts; 0 to 1000000000.
   *
   * @default 0: one message starts a pod
   */
  readonly activation?: number;

  /**
   * Where a group without an offset begins.
   *
   * @default 'latest'
   */
  readonly offsetResetPolicy?: 'latest' | 'earliest';

  /**
   * Whether there may be more pods than partitions. The others are idle.
   *
   * @default false: at most one pod for each partition
   */
  readonly allowIdleConsumers?: boolean;

  /**
   * Whether there are at most as many pods as partitions with lag. Needs `topic`; excludes `allowIdleConsumers`.
   *
   * @default false
   */
  readonly limitToPartitionsWithLag?: boolean;

  /**
   * SASL mechanism. It needs the parameters `username` and `password` of `authentication`.
   *
   * @default - none
   */
  readonly sasl?: 'plaintext' | 'scram_sha256' | 'scram_sha512';

  /**
   * Whether KEDA connects with TLS.
   *
   * @default false
   */
  readonly tls?: boolean;
}

/** Options of `ScalingTrigger.awsSqs`. */
export interface SqsTrigger {
  /** URL of the queue: `https://sqs.eu-west-1.amazonaws.com/111122223333/mail`. */
  readonly queueUrl: string;

  /** Region of the queue. */
  readonly region: string;

  /** Messages for one pod; 1 to 1000000000. */
  readonly length: number;

  /**
   * Messages above which the first pod starts; 0 to 1000000000.
   *
   * @default 0: one message starts a pod
   */
  readonly activation?: number;

  /**
   * Whether messages that a pod is working on count.
   *
   * @default true: pods with work are not removed
   */
  readonly inFlight?: boolean;

  /** How KEDA authenticates, such as `TriggerAuthentication.aws()`. */
  readonly authentication: TriggerAuthentication;
}

/** Options of `ScalingTrigger.prometheus`. */
export interface PrometheusTrigger extends ServerTriggerOptions {
  /**
   * URL of a Prometheus outside the app: `http://prometheus.monitoring.svc:9090`.
   *
   * @default - that of `server`
   */
  readonly address?: string;

  /** Query with one value, or with one element. */
  readonly query: string;

  /** Value for one pod, or for all pods together with `metricType: 'Value'`; more than 0. */
  readonly threshold: number;

  /**
   * How the autoscaler uses the value: divided by the number of pods, such as the length of a queue, or as it is, such
   * as a latency.
   *
   * @default 'AverageValue'
   */
  readonly metricType?: 'AverageValue' | 'Value';

  /**
   * Value above which the first pod starts; 0 or more.
   *
   * @default 0
   */
  readonly activation?: number;

  /**
   * Whether no value means 0. If not, it is an error, to which `fallback` reacts.
   *
   * @default false: a metric that is gone would remove all pods
   */
  readonly noValueIsZero?: boolean;
}

/** Options of `ScalingTrigger.cron`. */
export interface CronTrigger {
  /** Time zone: `UTC`, or a name such as `Europe/Berlin`, which has daylight saving time. */
  readonly timeZone: string;

  /** When the window starts: five fields of cron. */
  readonly start: string;

  /** When the window ends: five fields of cron. Each end follows one start. */
  readonly end: string;

  /** Minimum number of pods inside the window; 1 to 10000, more than `min`, and at most `max`. */
  readonly replicas: number;
}

/** Options of `ScalingTrigger.cpu` and `ScalingTrigger.memory`. */
export interface UtilizationTrigger {
  /** Target utilization in percent of the request; 1 to 400, and below the limit. */
  readonly target: number;
}

/** Options of `ScalingTrigger.of`. */
export interface CustomTrigger extends ServerTriggerOptions {
  /** Its metadata, as its page on keda.sh describes it: text only, and no credentials. */
  readonly metadata: { [key: string]: string };

  /**
   * How the autoscaler uses the value: divided by the number of pods, or as it is.
   *
   * @default 'AverageValue'
   */
  readonly metricType?: 'AverageValue' | 'Value';
}

/**
 * What decides the number of pods. With several, the largest result applies.
 *
 * ```ts
 * new Worker(chart, 'mailer', {
 *   image: 'ghcr.io/acme/mailer:2.1.0',
 *   liveness: Probe.none(),
 *   autoscaling: Autoscaling.onEvents({
 *     min: 0,
 *     max: 20,
 *     triggers: [ScalingTrigger.redisList({ server: redis, list: 'mails', length: 10 })],
 *   }),
 * });
 * ```
 *
 * @see https://keda.sh/docs/latest/scalers/
 */
export class ScalingTrigger {
  /** Items of a Redis list, set, sorted set or hash. */
  public static redisList(options: RedisListTrigger): ScalingTrigger {
    return new ScalingTrigger('redisList', options);
  }

  /** Entries of a Redis stream. */
  public static redisStream(options: RedisStreamTrigger): ScalingTrigger {
    return new ScalingTrigger('redisStream', options);
  }

  /** Messages of a RabbitMQ queue. */
  public static rabbitMq(options: RabbitMqTrigger): ScalingTrigger {
    return new ScalingTrigger('rabbitMq', options);
  }

  /** Messages that a Kafka consumer group has not yet read. */
  public static kafka(options: KafkaTrigger): ScalingTrigger {
    return new ScalingTrigger('kafka', options);
  }

  /** Messages of an AWS SQS queue. */
  public static awsSqs(options: SqsTrigger): ScalingTrigger {
    return new ScalingTrigger('awsSqs', options);
  }

  /** The value of a Prometheus query. */
  public static prometheus(options: PrometheusTrigger): ScalingTrigger {
    return new ScalingTrigger('prometheus', options);
  }

  /** A window of time. */
  public static cron(options: CronTrigger): ScalingTrigger {
    return new ScalingTrigger('cron', options);
  }

  /** CPU utilization. It cannot start the first pod. */
  public static cpu(options: UtilizationTrigger): ScalingTrigger {
    return new ScalingTrigger('cpu', options);
  }

  /** Memory utilization: only for an app that releases memory. It cannot start the first pod. */
  public static memory(options: UtilizationTrigger): ScalingTrigger {
    return new ScalingTrigger('memory', options);
  }

  /** Any other trigger of KEDA by its type, such as `nats-jetstream`. */
  public static of(type: string, options: CustomTrigger): ScalingTrigger {
    return new ScalingTrigger('of', options, type);
  }

  private constructor(
    /** @internal */ public readonly _kind: TriggerKind,
    /** @internal */ public readonly _options: unknown,
    /** @internal */ public readonly _type?: unknown,
  ) {}
}

export type TriggerKind =
  'redisList' | 'redisStream' | 'rabbitMq' | 'kafka' | 'awsSqs' | 'prometheus' | 'cron' | 'cpu' | 'memory' | 'of';
