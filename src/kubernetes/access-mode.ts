/** How nodes and pods may use a volume at the same time. */
export enum AccessMode {
  /** Pods of one node read and write. */
  READ_WRITE_ONCE = 'ReadWriteOnce',
  /** One pod reads and writes. */
  READ_WRITE_ONCE_POD = 'ReadWriteOncePod',
  /** Pods of any node read. */
  READ_ONLY_MANY = 'ReadOnlyMany',
  /** Pods of any node read and write. */
  READ_WRITE_MANY = 'ReadWriteMany',
}
