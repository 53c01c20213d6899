'use strict';
// The text of the generated ConfigMaps, so that both libraries write the same amount of it.
const { launchScript, readyScript, aliveScript, redisConf } = require('../../lib/redis/scripts');

exports.redisFiles = (name) => ({
  'redis.conf': redisConf({ maxMemoryBytes: 268435456, evictionPolicy: 'noeviction', fsync: 'everysec', extra: {} }),
  'launch.sh': launchScript({ name, members: `${name}-members`, replicas: 3 }),
  'ready.sh': readyScript(),
  'alive.sh': aliveScript(),
});
exports.siteFiles = { 'nginx.conf': require('../../lib/site/nginx-conf').nginxConf({ root: '/usr/share/nginx/html', ipv6: false }) };
