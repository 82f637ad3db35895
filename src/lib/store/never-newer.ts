/**
 * IndexedDB as Dexie is given it: a database of a newer version is left alone.
 */

/**
 * Dexie, told by the browser that the database is newer, opens it again without a version, and adds to it what it misses.
 * That second attempt is refused here: what a newer app keeps is not ours to touch.
 */
export const neverNewer = (factory: IDBFactory): IDBFactory => ({
  open: (name, version) => {
    if (version === undefined) throw new DOMException('the database is of a newer version', 'VersionError');
    return factory.open(name, version);
  },
  deleteDatabase: (name) => factory.deleteDatabase(name),
  databases: () => factory.databases(),
  cmp: (first, second) => factory.cmp(first, second)
});
