#!/bin/sh
# First process of a container: gives it the file system of a pod, and becomes its program. It starts in the namespaces of
# the container, as root.
# usage: container.sh FOLDER NAME UID COMMAND...
#   FOLDER  of the pod: folders `runtime`, `scripts`, `secrets`, `data`, file `resolv.conf`, and an empty folder `root`
set -eu
folder=$1 name=$2 uid=$3
shift 3
root=$folder/root

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir -p usr etc proc dev tmp data run/redis run/secrets opt/redis var
ln -s ../run var/run
for link in /bin /sbin /lib /lib64; do
  [ ! -L $link ] || cp -a $link .
done
chmod 1777 tmp
bind() {
  mount --bind "$1" "$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "$2"
}
bind /usr usr ro
bind "$folder/data" data rw
bind "$folder/runtime" run/redis rw
bind "$folder/scripts" opt/redis ro
bind "$folder/secrets" run/secrets ro
for device in null random urandom; do
  : > dev/$device
  bind /dev/$device dev/$device rw
done
cp /etc/ld.so.cache etc/
cp "$folder/resolv.conf" etc/
echo 'hosts: files dns' > etc/nsswitch.conf
echo '127.0.0.1 localhost' > etc/hosts
echo "redis:x:$uid:$uid::/:/bin/sh" > etc/passwd
mount -t proc proc proc
mount -o remount,ro "$root"
echo "$name" > /proc/sys/kernel/hostname

exec chroot --userspec="$uid:$uid" "$root" env -i PATH=/usr/local/bin:/usr/bin:/bin HOSTNAME="$name" "$@"
