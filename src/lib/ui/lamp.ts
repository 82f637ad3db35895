/**
 * What a lamp tells of itself: enough to see that it burns, and nothing that anybody said.
 */

/**
 * All of the relays of all circles together: being looked for, open, only some of them open, of use for finding each other
 * but not for letters, closed; or none are used.
 */
export type LampRelays = 'opening' | 'open' | 'some' | 'letterless' | 'closed' | 'none';

export interface LampState {
  /** Whether there is no circle on this device. */
  readonly isEmpty: boolean;
  readonly isSomeoneHere: boolean;
  readonly relays: LampRelays;
  /** Whether something is kept here for a relay that doesn't take it now. */
  readonly isWaiting: boolean;
}
