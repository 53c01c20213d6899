/**
 * Paths that give control of the node to a reader: sockets of container runtimes, of systemd and of D-Bus, credentials
 * and volumes of the kubelet, memory and devices. A read-only mount does not prevent connections to a socket.
 */
const MASTER_BY_READING = [
  '/boot',
  '/dev',
  '/etc/kubernetes',
  '/etc/shadow',
  '/proc',
  '/root',
  '/run/containerd',
  '/run/cri-dockerd.sock',
  '/run/crio',
  '/run/dbus',
  '/run/docker.sock',
  '/run/dockershim.sock',
  '/run/k3s',
  '/run/podman',
  '/run/systemd',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/var/lib/docker',
  '/var/lib/etcd',
  '/var/lib/kubelet',
  '/var/lib/rancher',
];

/** Paths that the node runs or reads as root: write access is enough. */
const MASTER_BY_WRITING = [
  '/bin',
  '/etc',
  '/home',
  '/lib',
  '/lib64',
  '/opt',
  '/sbin',
  '/sys',
  '/usr',
  '/var/spool/cron',
];

/** Whether a directory or file of a node, or something inside it, gives control of the node. */
export function handsOverNode(path: string, writable: boolean): boolean {
  // a symbolic link on all current systems
  const real = path.replace(/^\/var\/run(?=\/|$)/, '/run');
  return [...MASTER_BY_READING, ...(writable ? MASTER_BY_WRITING : [])].some(
    (master) => isBelow(real, master) || isBelow(master, real),
  );
}

function isBelow(path: string, other: string): boolean {
  return path === other || path.startsWith(other === '/' ? '/' : `${other}/`);
}
