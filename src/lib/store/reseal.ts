/**
 * Wrapping everything anew under another vault key: what setting a lock and taking it off come down to.
 *
 * Nothing is lost or left behind under the old key: all crypto is done first, then one transaction looks whether every row
 * is still one that was wrapped anew, and writes them all, or none and begins again with what is new. A crash leaves either all of
 * the old or all of the new. Source: docs/protocol.md VA1, VA5.
 */
import { assert } from '../base/assert.ts';
import { bytesToBase64Url, type Bytes } from '../base/bytes.ts';
import type { ShoulderDatabase } from './database.ts';
import { untilWritten } from './until-written.ts';
import type { Vault } from './vault.ts';

/** A row of some table with something wrapped in it, and what it was wrapped for. */
interface WrappedRow {
  readonly table: (typeof wrappedTables)[number]['name'];
  readonly row: { readonly sealed: Bytes };
  readonly purpose: string;
}

/** Every table with wrapped rows. A new one has a line here, or a lock would lose it. */
export const wrappedTables = [
  { name: 'circles', purposeOf: ({ id }: { id: string }) => `circle/${id}`, isVital: true },
  { name: 'joinings', purposeOf: ({ id }: { id: string }) => `joining/${id}`, isVital: true },
  { name: 'restored', purposeOf: ({ id }: { id: string }) => `restored/${id}`, isVital: true },
  { name: 'drafts', purposeOf: ({ id }: { id: string }) => `draft/${id}`, isVital: false },
  { name: 'contentKeys', purposeOf: ({ hash }: { hash: string }) => `content/${hash}`, isVital: false }
] as const;

/** Rows between two turns of the page. */
const batchRows = 200;

/**
 * Wraps everything by `to` that is wrapped by `from`. `swap` runs in the same transaction, over `vault`, `locks` and
 * `carriers`, and changes what opens the vault; where it throws, nothing has happened. Throws what the disk throws.
 */
export const reseal = async (
  database: ShoulderDatabase,
  { from, to }: { readonly from: Vault; readonly to: Vault },
  swap: () => Promise<void>
): Promise<void> => {
  const resealed = new Map<string, Bytes>();
  await untilWritten(async () => {
    const fresh = (await wrappedRows(database)).filter((wrapped) => !resealed.has(nameOf(wrapped)));
    for (let at = 0; at < fresh.length; at += batchRows)
      await Promise.all(
        fresh.slice(at, at + batchRows).map(async (wrapped) => {
          resealed.set(nameOf(wrapped), await resealRow(wrapped, from, to));
        })
      );
    return writeAll(database, resealed, swap);
  });
};

/** Whether every row that is there now was wrapped anew, and is written. */
const writeAll = (
  database: ShoulderDatabase,
  resealed: ReadonlyMap<string, Bytes>,
  swap: () => Promise<void>
): Promise<boolean> => {
  const tables = wrappedTables.map(({ name }) => database.table(name));
  const places = [...tables, database.vault, database.locks, database.carriers];
  return database.transaction('rw', places, async () => {
    const rows = await wrappedRows(database);
    if (rows.some((wrapped) => !resealed.has(nameOf(wrapped)))) return false;
    for (const { name } of wrappedTables) {
      const mine = rows.filter(({ table }) => table === name);
      await database.table(name).bulkPut(mine.map((each) => ({ ...each.row, sealed: resealed.get(nameOf(each)) })));
    }
    await swap();
    return true;
  });
};

const wrappedRows = async (database: ShoulderDatabase): Promise<WrappedRow[]> => {
  const tables = await Promise.all(
    wrappedTables.map(async ({ name, purposeOf }) => {
      const rows: (WrappedRow['row'] & { id: string; hash: string })[] = await database.table(name).toArray();
      return rows.map((row): WrappedRow => ({ table: name, row, purpose: purposeOf(row) }));
    })
  );
  return tables.flat();
};

const resealRow = async ({ table, row: { sealed }, purpose }: WrappedRow, from: Vault, to: Vault): Promise<Bytes> => {
  const bytes = await from.unwrap(purpose, sealed);
  const isVital = wrappedTables.some(({ name, isVital }) => name === table && isVital);
  assert(bytes !== undefined || !isVital, 'a keyring unwraps with the vault that wrapped it');
  // A draft that nothing opens is none; it stays as it is.
  if (bytes === undefined) return sealed;
  const wrapped = await to.wrap(purpose, bytes);
  bytes.fill(0);
  return wrapped;
};

const nameOf = ({ purpose, row }: WrappedRow): string => `${purpose} ${bytesToBase64Url(row.sealed)}`;
