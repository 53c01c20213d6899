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

/** Whether a container with such an image runs the server: it has no command of its own, or that of a server. */
export function runsServer(image: string, command: readonly string[] | undefined): boolean {
  if (!isDatabaseImage(image)) return false;
  const [program] = command ?? [];
  return program === undefined || SERVER_PROGRAM.test(program.split('/').pop()!);
}

const STORE = /(^|\/)(redis|valkey|dragonfly|keydb)([:@]|$)/;

/** Whether an image is that of a cache that is a store as soon as it has a claim. */
export function isStoreImage(image: string): boolean {
  return STORE.test(image);
}
