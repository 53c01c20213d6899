/** Names of images, and what ends them, of servers that keep data. Caches such as Redis may lose theirs. */
const SERVERS =
  '(cassandra|clickhouse(-server)?|cockroach(db)?|couchbase|couchdb|(cp-)?kafka|elasticsearch|etcd|influxdb|' +
  'mariadb(-galera)?|minio|mongo(db)?|mssql|mysql(-server)?|neo4j|opensearch|percona(-server(-mongodb)?)?|pgvector|' +
  'postgis|postgres(ql)?(-repmgr)?|rabbitmq|scylla|timescaledb(-ha)?|(cp-)?zookeeper)';
const DATABASE = new RegExp(`(^|/)${SERVERS}(/server)?([:@]|$)`);

/** Whether an image is that of a known database server, going by its name. */
export function isDatabaseImage(image: string): boolean {
  return DATABASE.test(image);
}

/** Programs of these servers. The images also have clients, such as `pg_dump`. */
const SERVER_PROGRAM =
  /^(cassandra|clickhouse|cockroach|couchdb|docker-entrypoint\.sh|elasticsearch|entrypoint\.sh|etcd|influxd|kafka.*|mariadbd?|minio|mongod|mysqld(_safe)?|neo4j|opensearch|postgres|rabbitmq-server|sqlservr|start|tini)$/;

/** Programs of these images that are no servers. An entrypoint runs them in place of the server. */
const OTHER_PROGRAM =
  /^(bash|cat|etcdctl|mariadb(-.+)?|mongo(s|sh|dump|export|import|restore)|mysql(admin|dump)?|pg_.+|psql|rabbitmqctl|sh|sleep|tail)$/;

/**
 * Whether a container with such an image runs the server: it has no command of its own, or that of a server, and no
 * argument that its entrypoint would run in place of the server.
 */
export function runsServer(
  image: string,
  command: readonly string[] | undefined,
  args: readonly string[] | undefined = [],
): boolean {
  if (!isDatabaseImage(image)) return false;
  const [program] = command ?? [];
  if (program === undefined) return args.length === 0 || !OTHER_PROGRAM.test(nameOf(args[0]));
  return SERVER_PROGRAM.test(nameOf(program));
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}

const STORE = /(^|\/)(redis|valkey|dragonfly|keydb)([:@]|$)/;

/** Whether an image is that of a cache that is a store as soon as it has a claim. */
export function isStoreImage(image: string): boolean {
  return STORE.test(image);
}
