/**
 * What the statements of a circle on this device make of it: its epochs, its roster.
 *
 * Statements at rest were verified on their way in, so they are only opened here, never checked again.
 */
import { carriedBy } from '../circle/carrying.ts';
import { reduceCircle, type CircleState } from '../circle/epochs.ts';
import { heededBy } from '../circle/keyless.ts';
import type { Roster } from '../circle/roster.ts';
import { readStatement, type Statement } from '../circle/statements.ts';
import type { LocalCircle } from './circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';
import type { IsCarried } from './envelopes.ts';
import { statementRows } from './held-rows.ts';
import { openRow } from './opened-row.ts';

/** The statements in stored rows. */
export const openStatements = async (circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<Statement[]> =>
  (await tryStatements(circle, rows)).statements;

/** What stored rows make of the circle. */
export const stateOfRows = async (circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<CircleState> =>
  stateOfStatements(circle, await openStatements(circle, rows));

/** What opened statements make of the circle, for this device. */
export const stateOfStatements = ({ keyring }: LocalCircle, statements: readonly Statement[]): CircleState => {
  const held = [keyring.current.epoch, ...keyring.lighthouses.map(({ keys }) => keys.epoch)];
  return reduceCircle(heededBy(statements, { held, keyless: keyring.keyless }), keyring.anchor);
};

/** The roster made by stored rows. */
export const rosterOfRows = async (circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<Roster> =>
  (await stateOfRows(circle, rows)).roster;

/** What a circle is on this device now: who is in, and in which epoch. */
export const readState = async (database: ShoulderDatabase, circle: LocalCircle): Promise<CircleState> =>
  stateOfRows(circle, await statementRows(database, circle.n));

/** What of a circle goes to friends now, statements aside. EP9. */
export const readCarried = async (database: ShoulderDatabase, circle: LocalCircle): Promise<IsCarried> => {
  const carried = carriedBy(await readState(database, circle));
  return ({ device, epoch }) => carried(device, epoch ?? circle.keyring.founding) === 'yes';
};

/** The roster of a circle as it stands on this device now. */
export const readRoster = async (database: ShoulderDatabase, circle: LocalCircle): Promise<Roster> =>
  (await readState(database, circle)).roster;

/** As `openStatements`, and whether every row opened: one read just before the circle moved on may not. */
export const tryStatements = async (
  circle: LocalCircle,
  rows: readonly EnvelopeRow[]
): Promise<{ readonly statements: Statement[]; readonly isWhole: boolean }> => {
  const opened = await Promise.all(rows.map((row) => openRow(circle, row)));
  const read = await Promise.all(opened.map(async (record) => (record.ok ? readStatement(record.value) : undefined)));
  return {
    statements: read.filter((statement) => statement !== undefined),
    isWhole: opened.every(({ ok }) => ok)
  };
};
