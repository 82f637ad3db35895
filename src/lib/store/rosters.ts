/**
 * Rosters of the circles on this device, read from their statements and kept until a statement is added.
 *
 * Statements at rest were verified on their way in, so they are only opened here, never checked again.
 */
import { emptyRoster, reduceRoster, type Roster } from '../circle/roster.ts';
import { readStatement, type Statement } from '../circle/statements.ts';
import { openRecord } from '../records/record.ts';
import type { LocalCircle } from './circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';
import { statementRows } from './envelopes.ts';

/** The statements in stored rows. */
export const openStatements = async (circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<Statement[]> => {
  const statements = await Promise.all(
    rows.map(async ({ bytes }) => {
      const record = await openRecord(bytes, circle.keyring.epochs);
      return record.ok ? readStatement(record.value) : undefined;
    })
  );
  return statements.filter((statement) => statement !== undefined);
};

/** The roster made by stored rows. */
export const rosterOfRows = async (circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<Roster> =>
  rows.length === 0 ? emptyRoster : reduceRoster(await openStatements(circle, rows));

/** Rosters that were made before. The same statements make the same roster, and making one costs a signature a person. */
export class Rosters {
  readonly #made = new Map<number, { readonly statements: string; readonly roster: Promise<Roster> }>();

  /** As `rosterOfRows`. */
  ofRows(circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<Roster> {
    const statements = rows.map(({ hash }) => hash).join();
    const made = this.#made.get(circle.n);
    if (made?.statements === statements) return made.roster;
    const roster = rosterOfRows(circle, rows);
    this.#made.set(circle.n, { statements, roster });
    return roster;
  }
}

/** The roster of a circle as it stands on this device now. */
export const readRoster = async (database: ShoulderDatabase, circle: LocalCircle): Promise<Roster> =>
  rosterOfRows(circle, await statementRows(database, circle.n));
