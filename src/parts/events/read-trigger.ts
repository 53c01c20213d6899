import {
  AUTHENTICATION,
  AUTHENTICATION_FIX,
  type AuthenticationSettings,
  readAuthentication,
} from './read-authentication';
import type {
  CronTrigger,
  CustomTrigger,
  KafkaTrigger,
  PrometheusTrigger,
  RabbitMqTrigger,
  RedisListTrigger,
  RedisStreamTrigger,
  RedisTriggerOptions,
  ScalingTrigger,
  ServerTriggerOptions,
  SqsTrigger,
  TriggerKind,
  UtilizationTrigger,
} from './scaling-trigger';
import {
  authModes,
  hasParameter,
  needBoth,
  refuseOtherClouds,
  refuseUnusedCertificates,
} from './usable-authentication';
import { secretKeyRef } from '../../config/references';
import type { SecretKeyRef } from '../../interop/references';
import { unquoted, Verbatim } from '../../kernel/findings/describe';
import type { Problems } from '../../kernel/findings/problems';
import { keyPart } from '../../kernel/findings/prop-path';
import {
  anyText,
  boolean,
  type Check,
  integer,
  listOf,
  mapOf,
  matching,
  oneOf,
  that,
} from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { awsRegion, portName } from '../../kernel/schema/syntax';
import { fiveFields, timeZone } from '../../kubernetes/cron';
import { type CronWindow, faultOf, type WindowFault } from '../../kubernetes/cron-windows';
import { type IConnectionTarget, isConnectionTarget } from '../../network/connection';
import { proofOf, suspicionOf } from '../../secrets-scan/credentials';

type Metadata = Readonly<Record<string, string>>;

/** A block that a trigger measures. */
export interface ServerSettings {
  readonly target: IConnectionTarget;
  readonly portName?: string;
  /** The metadata for an address. */
  readonly locate: (host: string, port: number) => Metadata;
  /** Whether KEDA authenticates with the password of the block unless the caller says how. */
  readonly takesPassword: boolean;
}

export interface TriggerSettings {
  readonly type: string;
  readonly metadata: Metadata;
  readonly metricType?: 'AverageValue' | 'Value' | 'Utilization';
  /** The resource whose use it measures. */
  readonly resource?: { readonly metric: 'cpu' | 'memory'; readonly utilization: number };
  /** Whether it can start the first pod. */
  readonly startsPods: boolean;
  readonly server?: ServerSettings;
  readonly password?: SecretKeyRef;
  readonly authentication?: AuthenticationSettings;
  readonly cron?: CronSettings;
  readonly prop: string;
}

export interface CronSettings extends CronWindow {
  readonly timeZone: string;
  readonly replicas: number;
}

const MANY = 1_000_000_000;
const TARGET = integer(1, MANY);
const ACTIVATION = integer(0, MANY);
const AMOUNT_FIX = { fix: 'Write how much work one pod can have' };

/** Text that is no credential. */
const plainText: Check<string> = {
  expected: 'a non-empty string without credentials',
  read(value, refuse) {
    if (typeof value !== 'string' || value === '') return void refuse(unquoted(value), this.expected);
    if (proofOf('', value) !== undefined) return void refuse(unquoted(value), this.expected);
    return anyText.read(value, refuse);
  },
};

/** A pattern of an address that is no credential. `scheme` makes a URL of it, whose port is checked. */
function plain(pattern: RegExp, expected: string, scheme = ''): Check<string> {
  const accepts = matching(pattern, 2048, expected);
  return {
    expected,
    read(value, refuse) {
      if (typeof value === 'string' && proofOf('', value) !== undefined) return void refuse(unquoted(value), expected);
      const address = accepts.read(value, refuse);
      if (address === undefined || URL.canParse(`${scheme}${address}`)) return address;
      return void refuse(address, `${expected}, with a port of at most 65535`);
    },
  };
}

const HOST_PORT = plain(/^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?:\d{1,5}$/, "'host:port'", 'tcp://');
const BROKERS = listOf(HOST_PORT);
const BROKER_URL = plain(
  /^(amqp|http)s?:\/\/[A-Za-z0-9][\w.-]*(:\d{1,5})?(\/[^\s@]*)?$/,
  "a URL without credentials: 'amqp://host:5672/vhost'",
);
const HTTP_URL = plain(
  /^https?:\/\/[A-Za-z0-9][\w.-]*(:\d{1,5})?(\/[^\s@]*)?$/,
  "a URL without credentials: 'http://host:9090'",
);
const QUEUE_URL = plain(/^https?:\/\/[^\s/@]+\/[^\s/@]+\/[^\s/@]+$/, 'the URL of a queue, with account and name');

const SERVER: Check<IConnectionTarget> = {
  expected: 'a block that can be connected to, such as Redis',
  read(value, refuse) {
    return isConnectionTarget(value) ? value : void refuse(value, this.expected);
  },
};
const SERVER_FIX = { fix: 'Pass a block with a port, such as a Redis or a WebService' };

type TriggerReader = (given: Given) => TriggerSettings | undefined;

/** What a trigger is read from. */
interface Given {
  readonly trigger: ScalingTrigger;
  readonly problems: Problems;
  readonly prop: string;
}

const READERS: Readonly<Record<TriggerKind, TriggerReader>> = {
  redisList: readRedisList,
  redisStream: readRedisStream,
  rabbitMq: readRabbitMq,
  kafka: readKafka,
  awsSqs: readSqs,
  prometheus: readPrometheus,
  cron: readCron,
  cpu: (given) => readUtilization(given, 'cpu'),
  memory: (given) => readUtilization(given, 'memory'),
  of: readCustom,
};

export function readTrigger(trigger: ScalingTrigger, problems: Problems, prop: string): TriggerSettings | undefined {
  return READERS[trigger._kind]({ trigger, problems, prop });
}

/** The parameters of TLS that most triggers share. */
const TLS_PARAMETERS = ['ca', 'cert', 'key', 'keyPassword', 'tls'];

function readServer(
  read: Reader<ServerTriggerOptions>,
  { problems, prop }: Given,
  locate: ServerSettings['locate'],
  parameters?: readonly string[],
): Pick<TriggerSettings, 'server' | 'authentication'> {
  const target = read.optional('server', SERVER, undefined, SERVER_FIX);
  const name = read.optional('port', portName, undefined, { fix: "Write the name of the port, such as 'http'" });
  if (name !== undefined && !read.has('server')) {
    read.refuse('port', name, "nothing without 'server'", {
      rule: 'props/conflict',
      fix: "Remove it: it names a port of 'server'",
    });
  }
  return {
    server: target && { target, portName: name, locate, takesPassword: false },
    authentication: readAuthenticationOf(read, { problems, prop }, parameters),
  };
}

function readAuthenticationOf(
  read: Reader<Pick<ServerTriggerOptions, 'authentication'>>,
  { problems, prop }: Pick<Given, 'problems' | 'prop'>,
  parameters?: readonly string[],
): AuthenticationSettings | undefined {
  const given = read.optional('authentication', AUTHENTICATION, undefined, AUTHENTICATION_FIX);
  return given && readAuthentication(given, problems, `${prop}.authentication`, parameters);
}

/** Requires one of a block, an address, and other ways to name the server. */
function needOne<P extends ServerTriggerOptions>(read: Reader<P>, address: keyof P & string, elsewhere = false): void {
  if (read.has('server')) {
    read.conflict('server', address, { fix: "Keep 'server' for a block of the app, or the address for another one" });
  } else if (!read.has(address) && !elsewhere) {
    read.refuse(address, undefined, "'server' with a block, or an address", {
      rule: 'props/required',
      fix: `Set 'server' to a block of the app, or '${address}'`,
    });
  }
}

/** Requires exactly one of several props. */
function chooseOne<P>(read: Reader<P>, props: ReadonlyArray<keyof P & string>): void {
  const [first, second] = props.filter((prop) => read.has(prop));
  if (second !== undefined) read.conflict(first, second, { fix: 'Keep one: a trigger measures one value' });
  if (first !== undefined) return;
  read.refuse(props[0], undefined, `one of ${props.join(', ')}`, {
    rule: 'props/required',
    fix: `Set '${props[0]}' to how much work one pod can have`,
  });
}

function text(values: Readonly<Record<string, string | number | boolean | undefined>>): Metadata {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
}

const USER: [string, string] = ['username', 'password'];
const REDIS_PARAMETERS = ['address', 'username', 'password', ...TLS_PARAMETERS];

function readRedis(
  read: Reader<RedisTriggerOptions>,
  given: Given,
): Pick<TriggerSettings, 'server' | 'password' | 'authentication' | 'metadata'> {
  const { server, authentication } = readServer(
    read,
    given,
    (host, port) => ({ address: `${host}:${port}` }),
    REDIS_PARAMETERS,
  );
  const address = read.optional('address', HOST_PORT, undefined, {
    fix: "Write the address as KEDA resolves it, such as 'redis.example.com:6379'",
  });
  needOne(read, 'address', hasParameter(authentication, 'address'));
  const password = read.optional('password', secretKeyRef, undefined, {
    fix: 'Give a SecretKeyRef with a Secret of this namespace',
  });
  if (authentication?.kind !== 'secrets' || hasParameter(authentication, 'password')) {
    read.conflict('password', 'authentication', { fix: "Keep 'password', or put it into 'authentication'" });
  }
  refuseOtherClouds(authentication, [], given);
  const hasPassword = hasParameter(authentication, 'password');
  if (hasParameter(authentication, 'username') && !read.has('server') && !read.has('password')) {
    needBoth(authentication, given, ['username', 'password']);
  }
  const database = read.optional('database', integer(0, 1000), 0);
  const tls = read.optional('tls', boolean, false);
  refuseUnusedCertificates(authentication, tls, given);
  return {
    server: server && {
      ...server,
      takesPassword: !read.has('authentication') || (authentication?.kind === 'secrets' && !hasPassword),
    },
    password,
    authentication,
    metadata: text({ address, databaseIndex: database === 0 ? undefined : database, enableTLS: tls || undefined }),
  };
}

function readRedisList(given: Given): TriggerSettings {
  const read = new Reader<RedisListTrigger>(given.problems, given.trigger._options, `${given.prop}.`);
  const redis = readRedis(read, given);
  const metadata = text({
    listName: read.required('list', plainText, '', { fix: 'Write the key of the list' }),
    listLength: read.required('length', TARGET, 1, AMOUNT_FIX),
    activationListLength: read.optional('activation', ACTIVATION, 0) || undefined,
  });
  read.refuseUnknown();
  return { ...redis, type: 'redis', startsPods: true, prop: given.prop, metadata: { ...redis.metadata, ...metadata } };
}

function readRedisStream(given: Given): TriggerSettings {
  const read = new Reader<RedisStreamTrigger>(given.problems, given.trigger._options, `${given.prop}.`);
  const redis = readRedis(read, given);
  chooseOne(read, ['length', 'pending', 'lag']);
  const group = read.optional('consumerGroup', plainText, undefined, { fix: 'Write the name of the group' });
  const ofGroup = (['pending', 'lag'] as const).find((prop) => read.has(prop));
  if (ofGroup !== undefined && !read.has('consumerGroup')) {
    read.refuse('consumerGroup', undefined, `a group for '${ofGroup}'`, {
      rule: 'props/required',
      fix: 'Write the name of the group',
    });
  } else if (ofGroup === undefined && read.has('length') && group !== undefined) {
    read.conflict('length', 'consumerGroup', { fix: "Remove 'consumerGroup', or measure 'lag'" });
  }
  const activation = read.optional('activation', ACTIVATION, 0);
  const metadata = text({
    stream: read.required('stream', plainText, '', { fix: 'Write the key of the stream' }),
    consumerGroup: group,
    streamLength: read.optional('length', TARGET, undefined, AMOUNT_FIX),
    pendingEntriesCount: read.optional('pending', TARGET, undefined, AMOUNT_FIX),
    lagCount: read.optional('lag', TARGET, undefined, AMOUNT_FIX),
    // older versions of KEDA require it beside lagCount
    activationLagCount: read.has('lag') ? activation : activation || undefined,
  });
  read.refuseUnknown();
  return {
    ...redis,
    type: 'redis-streams',
    // without a consumer, no entry is delivered, and none is pending
    startsPods: !read.has('pending'),
    prop: given.prop,
    metadata: { ...redis.metadata, ...metadata },
  };
}

const RABBIT_PARAMETERS = ['host', 'username', 'password', 'protocol', 'vhostName', ...TLS_PARAMETERS];
const RABBIT_PROTOCOL = oneOf<'amqp' | 'http'>('amqp', 'http');

function readRabbitMq(given: Given): TriggerSettings {
  const read = new Reader<RabbitMqTrigger>(given.problems, given.trigger._options, `${given.prop}.`);
  const protocol = read.optional('protocol', RABBIT_PROTOCOL, undefined, { fix: "Write 'amqp', or 'http'" });
  const address = read.optional('address', BROKER_URL, undefined, {
    fix: "Keep user and password in a Secret: write 'amqp://host:5672/' and authentication",
  });
  const schemeOf = address && /^[a-z]{4}/.exec(address)![0];
  if (protocol !== undefined && schemeOf !== undefined && schemeOf !== protocol) {
    read.refuse('protocol', protocol, `'${schemeOf}', as in the address`, {
      rule: 'props/conflict',
      fix: "Remove 'protocol': the address states it",
    });
  }
  const spoken = schemeOf ?? protocol ?? 'amqp';
  const { server, authentication } = readServer(
    read,
    given,
    (host, port) => ({ host: `${spoken}://${host}:${port}/` }),
    RABBIT_PARAMETERS,
  );
  const hostInSecret = hasParameter(authentication, 'host');
  needOne(read, 'address', hostInSecret || authentication?.kind === 'existing');
  if (hostInSecret && read.has('address')) {
    read.conflict('address', 'authentication', { fix: "Remove 'address': the parameter host states it" });
  }
  needBoth(authentication, given, USER);
  refuseOtherClouds(authentication, [], given);
  refuseUnusedCertificates(authentication, undefined, given);
  chooseOne(read, ['length', 'rate']);
  const length = read.optional('length', TARGET, undefined, AMOUNT_FIX);
  const rate = read.optional('rate', TARGET, undefined, AMOUNT_FIX);
  if (rate !== undefined && spoken !== 'http') {
    read.refuse('rate', rate, "'length' over AMQP", {
      rule: 'props/conflict',
      fix: "Write protocol: 'http', with the port of the management API",
    });
  }
  const metadata = text({
    host: address === undefined ? undefined : /^[a-z]+:\/\/[^/]+$/.test(address) ? `${address}/` : address,
    protocol: spoken,
    mode: rate === undefined ? 'QueueLength' : 'MessageRate',
    value: rate ?? length,
    activationValue: read.optional('activation', ACTIVATION, 0) || undefined,
    queueName: read.required('queue', plainText, '', { fix: 'Write the name of the queue' }),
    vhostName: read.optional('vhost', plainText, undefined, { fix: "Write the name, such as '/'" }),
  });
  read.refuseUnknown();
  return {
    // the URI of the Secret takes the place of the address
    server: server && (hostInSecret ? { ...server, locate: () => ({}) } : server),
    authentication,
    type: 'rabbitmq',
    startsPods: true,
    prop: given.prop,
    metadata,
  };
}

const KAFKA_PARAMETERS = ['username', 'password', 'sasl', ...TLS_PARAMETERS];
const SASL = oneOf<'plaintext' | 'scram_sha256' | 'scram_sha512'>('plaintext', 'scram_sha256', 'scram_sha512');
const OFFSET = oneOf<'latest' | 'earliest'>('latest', 'earliest');

function readKafka(given: Given): TriggerSettings {
  const read = new Reader<KafkaTrigger>(given.problems, given.trigger._options, `${given.prop}.`);
  const { server, authentication } = readServer(
    read,
    given,
    (host, port) => ({ bootstrapServers: `${host}:${port}` }),
    KAFKA_PARAMETERS,
  );
  const brokers = read.optional('bootstrapServers', BROKERS, undefined, {
    fix: "List addresses, such as ['kafka.example.com:9092']",
  });
  needOne(read, 'bootstrapServers');
  if (read.isSound('bootstrapServers') && brokers?.length === 0) {
    read.refuse('bootstrapServers', brokers, 'at least one', { rule: 'props/empty-list', fix: 'List an address' });
  }
  needBoth(authentication, given, USER);
  refuseOtherClouds(authentication, [], given);
  const sasl = read.optional('sasl', SASL, undefined, { fix: 'Write the mechanism of the broker' });
  if (sasl !== undefined && (authentication === undefined ? !read.has('authentication') : lacks(authentication))) {
    read.refuse('sasl', sasl, 'authentication with the parameters username and password', {
      rule: 'scaling/trigger-parameter',
      fix: 'Set authentication: TriggerAuthentication.secrets(...) with both',
    });
  }
  refuseSasl(read, authentication, given);
  const limit = read.optional('limitToPartitionsWithLag', boolean, false);
  const idle = read.optional('allowIdleConsumers', boolean, false);
  if (limit && idle) read.conflict('allowIdleConsumers', 'limitToPartitionsWithLag', { fix: 'Keep one' });
  const topic = read.optional('topic', plainText, undefined, { fix: 'Write the name of the topic' });
  if (limit && !read.has('topic')) {
    read.refuse('topic', undefined, "a topic for 'limitToPartitionsWithLag'", {
      rule: 'props/required',
      fix: 'Write the name of the topic',
    });
  }
  const tls = read.optional('tls', boolean, false);
  refuseUnusedCertificates(authentication, tls, given);
  const offset = read.optional('offsetResetPolicy', OFFSET, 'latest');
  const metadata = text({
    bootstrapServers: brokers?.join(','),
    consumerGroup: read.required('consumerGroup', plainText, '', { fix: 'Write the name of the group' }),
    topic,
    lagThreshold: read.required('lag', TARGET, 1, AMOUNT_FIX),
    activationLagThreshold: read.optional('activation', ACTIVATION, 0) || undefined,
    offsetResetPolicy: offset === 'latest' ? undefined : offset,
    allowIdleConsumers: idle || undefined,
    limitToPartitionsWithLag: limit || undefined,
    sasl,
    tls: tls ? 'enable' : undefined,
  });
  read.refuseUnknown();
  return { server, authentication, type: 'kafka', startsPods: true, prop: given.prop, metadata };
}

/** KEDA ignores user and password without a mechanism, and refuses two. */
function refuseSasl(
  read: Reader<KafkaTrigger>,
  authentication: AuthenticationSettings | undefined,
  { problems, prop }: Given,
): void {
  const isInSecret = hasParameter(authentication, 'sasl');
  if (read.has('sasl') && isInSecret) {
    read.conflict('sasl', 'authentication', { fix: "Remove 'sasl', or the parameter sasl" });
  }
  if (read.has('sasl') || isInSecret || !hasParameter(authentication, 'username')) return;
  problems.refuse(`${prop}.sasl`, undefined, 'the mechanism for username and password', {
    rule: 'scaling/trigger-parameter',
    fix: "Write sasl: 'scram_sha512', or the mechanism of the broker: KEDA ignores user and password without one",
  });
}

const SQS_PARAMETERS = ['awsAccessKeyID', 'awsSecretAccessKey', 'awsSessionToken', 'awsRoleArn', 'awsRegion'];

/** Refuses Secrets without a pair of keys and without a role: KEDA has no other credentials then. */
function refuseKeys(authentication: AuthenticationSettings | undefined, given: Given): void {
  needBoth(authentication, given, ['awsAccessKeyID', 'awsSecretAccessKey']);
  if (authentication?.kind !== 'secrets') return;
  const ways = ['awsAccessKeyID', 'awsSecretAccessKey', 'awsRoleArn'];
  if (ways.some((name) => hasParameter(authentication, name))) return;
  given.problems.refuse(
    `${given.prop}.authentication`,
    new Verbatim(Object.keys(authentication.parameters).join(', ')),
    'awsAccessKeyID and awsSecretAccessKey, or awsRoleArn',
    { rule: 'scaling/trigger-parameter', fix: 'Add them, or use TriggerAuthentication.aws()' },
  );
}

/** The region in the address of a queue of AWS; an emulator has none. */
const SQS_HOST = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\//;

function readSqs(given: Given): TriggerSettings {
  const read = new Reader<SqsTrigger>(given.problems, given.trigger._options, `${given.prop}.`);
  const authentication = readAuthenticationOf(read, given, SQS_PARAMETERS);
  if (!read.has('authentication')) {
    read.refuse('authentication', undefined, AUTHENTICATION.expected, {
      rule: 'props/required',
      fix: 'Write TriggerAuthentication.aws(), for the role of the operator of KEDA',
    });
  }
  refuseOtherClouds(authentication, ['aws'], given);
  refuseKeys(authentication, given);
  const inFlight = read.optional('inFlight', boolean, true);
  const queueURL = read.required('queueUrl', QUEUE_URL, '', { fix: 'Copy the URL of the queue' });
  const region = read.required('region', awsRegion, '', { fix: "Write the region, such as 'eu-west-1'" });
  const place = SQS_HOST.exec(queueURL)?.[1];
  if (place !== undefined && place !== region && read.isSound('region')) {
    read.refuse('region', region, `'${place}', as in 'queueUrl'`, {
      rule: 'props/conflict',
      fix: 'Correct one of the two: KEDA asks for the queue in this region',
    });
  }
  const metadata = text({
    queueURL,
    awsRegion: region,
    queueLength: read.required('length', TARGET, 1, AMOUNT_FIX),
    activationQueueLength: read.optional('activation', ACTIVATION, 0) || undefined,
    scaleOnInFlight: inFlight ? undefined : false,
  });
  read.refuseUnknown();
  return { authentication, type: 'aws-sqs-queue', startsPods: true, prop: given.prop, metadata };
}

const METRIC_TYPE = oneOf<'AverageValue' | 'Value'>('AverageValue', 'Value');
const PROMETHEUS_PARAMETERS = ['bearerToken', 'username', 'password', 'ca', 'cert', 'key'];
const POSITIVE = that<number>('a number more than 0', (value) => Number.isFinite(value) && (value as number) > 0);
const NOT_NEGATIVE = that<number>(
  'a number of at least 0',
  (value) => Number.isFinite(value) && (value as number) >= 0,
);

function readPrometheus(given: Given): TriggerSettings {
  const read = new Reader<PrometheusTrigger>(given.problems, given.trigger._options, `${given.prop}.`);
  const { server, authentication } = readServer(
    read,
    given,
    (host, port) => ({ serverAddress: `http://${host}:${port}` }),
    PROMETHEUS_PARAMETERS,
  );
  const address = read.optional('address', HTTP_URL, undefined, {
    fix: "Write the URL as KEDA resolves it, such as 'http://prometheus.monitoring.svc:9090'",
  });
  needOne(read, 'address');
  // AWS needs a region, for which there is no prop
  refuseOtherClouds(authentication, ['azure-workload', 'gcp'], given);
  const metadata = text({
    serverAddress: address,
    authModes: authModes(authentication, given),
    query: read.required('query', plainText, '', { fix: 'Write the query in PromQL' }),
    threshold: read.required('threshold', POSITIVE, 1, AMOUNT_FIX),
    activationThreshold: read.optional('activation', NOT_NEGATIVE, 0) || undefined,
    ignoreNullValues: read.optional('noValueIsZero', boolean, false),
  });
  const metricType = read.optional('metricType', METRIC_TYPE, 'AverageValue');
  read.refuseUnknown();
  return { server, authentication, type: 'prometheus', startsPods: true, prop: given.prop, metadata, metricType };
}

const WINDOW_FAULTS: Readonly<Record<WindowFault['kind'], (times: readonly string[]) => [string, string]>> = {
  'same-time': ([time]) => [`${time} for both`, 'Choose different times'],
  'two-starts': ([first, second]) => [
    `starts at ${first} and ${second} without an end between them: KEDA opens the window at the second one`,
    "Restrict 'start' to the times at which the window opens",
  ],
  'two-ends': ([first, second]) => [
    `ends at ${first} and ${second} without a start between them: KEDA keeps the window open until the second one`,
    "Restrict 'end' to the days of 'start'",
  ],
};

function readCron(given: Given): TriggerSettings {
  const read = new Reader<CronTrigger>(given.problems, given.trigger._options, `${given.prop}.`);
  const zone = read.required('timeZone', timeZone, 'UTC', { fix: "Write 'UTC', or a name such as 'Europe/Berlin'" });
  const hint = { fix: "Write five fields, such as '0 8 * * 1-5'" };
  const start = read.required('start', fiveFields, '', hint);
  const end = read.required('end', fiveFields, '', hint);
  const replicas = read.required('replicas', integer(1, 10_000), 1, { fix: 'Write the number of pods in the window' });
  read.refuseUnknown();
  const isSound = read.isSound('start', 'end');
  const fault = isSound ? faultOf({ start, end }) : undefined;
  if (fault) {
    const [got, fix] = WINDOW_FAULTS[fault.kind](fault.times);
    read.refuse('end', new Verbatim(got), 'starts and ends that take turns', { rule: 'scaling/cron-window', fix });
  }
  const isWindow = isSound && fault === undefined && read.isSound('timeZone', 'replicas');
  return {
    type: 'cron',
    startsPods: true,
    prop: given.prop,
    cron: isWindow ? { start, end, timeZone: zone, replicas } : undefined,
    metadata: text({ timezone: zone, start, end, desiredReplicas: replicas }),
  };
}

const UTILIZATION = integer(1, 400);

function readUtilization(given: Given, metric: 'cpu' | 'memory'): TriggerSettings {
  const read = new Reader<UtilizationTrigger>(given.problems, given.trigger._options, `${given.prop}.`);
  const utilization = read.required('target', UTILIZATION, 80, { fix: 'Start with 80 for CPU', practice: 'CH01-18' });
  read.refuseUnknown();
  return {
    type: metric,
    metricType: 'Utilization',
    resource: { metric, utilization },
    startsPods: false,
    prop: given.prop,
    metadata: text({ value: utilization }),
  };
}

const TYPE = matching(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 63, "the type of a trigger of KEDA, such as 'nats-jetstream'");
/** Types that need more than their metadata. */
const OWN_FACTORIES = ['cpu', 'cron', 'memory'];
const METADATA = mapOf(matching(/^[A-Za-z][\w.-]*$/, 253, 'the name of a field of the trigger'), anyText);

function readCustom(given: Given): TriggerSettings {
  const { trigger, problems, prop } = given;
  const read = new Reader<CustomTrigger>(given.problems, given.trigger._options, `${given.prop}.`);
  const type = TYPE.read(trigger._type, (refused, expected) =>
    problems.refuse(`${prop}.type`, refused, expected, {
      rule: 'props/value',
      fix: 'Copy it from its page on keda.sh',
    }),
  );
  if (type !== undefined && OWN_FACTORIES.includes(type)) {
    problems.refuse(`${prop}.type`, type, 'a type without a factory of its own', {
      rule: 'props/value',
      fix: `Use ScalingTrigger.${type}(...)`,
    });
  }
  const { server, authentication } = readServer(read, given, () => ({}));
  const metadata = read.required('metadata', METADATA, {}, { fix: 'Copy the fields from its page on keda.sh' });
  for (const [key, value] of Object.entries(metadata)) {
    // the name of a variable is no credential
    const found = key.endsWith('FromEnv') ? proofOf('', value) : suspicionOf(key, value);
    if (found === undefined) continue;
    problems.add({
      rule: 'secret/in-trigger',
      prop: `${prop}.metadata${keyPart(key)}`,
      got: found.what,
      expected: 'a reference to a Secret',
      fix: 'Remove it, and set authentication: TriggerAuthentication.secrets(...)',
    });
  }
  const metricType = read.optional('metricType', METRIC_TYPE, 'AverageValue');
  read.refuseUnknown();
  return { server, authentication, type: type ?? 'invalid', startsPods: true, prop, metadata, metricType };
}

function lacks(authentication: AuthenticationSettings): boolean {
  return (
    authentication.kind === 'identity' ||
    (authentication.kind === 'secrets' &&
      !(hasParameter(authentication, 'username') && hasParameter(authentication, 'password')))
  );
}
