/**
 * An invite link that was opened and not yet answered with a name: kept wrapped, so that a reload does not lose it and
 * the secret need not stay in the address bar.
 */
import { err, ok, type Result } from '../base/result.ts';
import { readInvitation, type Invitation } from '../circle/invitation.ts';
import { isIn } from '../circle/roster.ts';
import { statementRows } from '../store/held-rows.ts';
import { baseUrl } from './places.ts';
import type { LocalCircle, Shoulder } from './shoulder.ts';

/** An invitation that can still be of use. */
export type OpenedInvitation = Invitation;

/** Why a link leads nowhere, before anybody was asked. */
export type OpenedInviteProblem = 'mangled' | 'expired' | 'member' | 'device-member';

const draftId = 'invite';

export class OpenedInvite {
  readonly #app: Shoulder;

  constructor(app: Shoulder) {
    this.#app = app;
  }

  keep(text: string): Promise<void> {
    return this.#app.drafts.keep(draftId, text);
  }

  kept(): Promise<string | undefined> {
    return this.#app.drafts.read(draftId);
  }

  forget(): Promise<void> {
    return this.#app.drafts.forget(draftId);
  }

  /** The invitation in a link, if it can still be of use to this person: also where this device was in that circle, and is out. */
  async read(text: string): Promise<Result<OpenedInvitation, OpenedInviteProblem>> {
    const read = await readInvitation(text);
    if (!read.ok) return err('mangled');
    const isOver = (): boolean => read.value.untilMs <= this.#app.clock.nowMs();
    // A young link looks old to a clock that is years ahead: before it is turned away, the server is asked for the time.
    if (isOver()) await this.#app.instance(baseUrl());
    if (isOver()) return err('expired');
    const known = await this.#app.circles.byId(read.value.circle);
    if (known === undefined || !(await this.#isIn(known))) return ok(read.value);
    return err(read.value.forDevice === true ? 'device-member' : 'member');
  }

  async #isIn(circle: LocalCircle): Promise<boolean> {
    const { database, rosters } = this.#app;
    const roster = await rosters.ofRows(circle, await statementRows(database, circle.n));
    return isIn(roster, circle.keyring.device.id);
  }
}
