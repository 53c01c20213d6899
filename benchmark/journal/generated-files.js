'use strict';
// The text of the generated ConfigMaps, so that both libraries write the same amount of it.
const { buffersFor, redisConf, scriptsFor } = require('../../lib/redis/scripts');

const MAX_MEMORY = 268435456;

exports.redisFiles = (name) => ({
  'redis.conf': redisConf({ maxMemoryBytes: MAX_MEMORY, buffers: buffersFor(MAX_MEMORY), evictionPolicy: 'noeviction', fsync: 'everysec', extra: {} }),
  ...scriptsFor({ name, members: `${name}-members`, replicas: 3 }),
});
exports.siteFiles = { 'nginx.conf': require('../../lib/site/nginx-conf').nginxConf({ root: '/usr/share/nginx/html', ipv6: false }) };
