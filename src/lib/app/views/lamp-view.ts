/**
 * How a lamp is doing, over every circle on this device: whether somebody is here, its relays open, anything waiting.
 *
 * Made from what stands in clear on this disk, and from nothing that a key opens: it shows no more to whoever walks by, and is
 * the same on a device that is locked.
 */
import type { PresenceRow, RelayHealthRow } from '../../store/database.ts';
import type { LampRelays, LampState } from '../../ui/lamp.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

interface Rows {
  readonly circles: number;
  readonly presence: readonly PresenceRow[];
  readonly health: readonly RelayHealthRow[];
  /** How much relays are still to get; more than for a moment, and they do not take it. */
  readonly due: number;
}

export class LampView {
  readonly #live: Live<Rows, LampState>;

  constructor({ database, onProblem }: Shoulder) {
    this.#live = new Live(
      async () => {
        const [circles, presence, health] = await Promise.all([
          database.circles.count(),
          database.presence.toArray(),
          database.relayHealth.toArray()
        ]);
        const due = await Promise.all(
          health.map(({ circle, relay }) =>
            database.mail.where('[circle+relay+due]').equals([circle, relay, 1]).count()
          )
        );
        return { circles, presence, health, due: due.reduce((sum, count) => sum + count, 0) };
      },
      toLampState,
      onProblem
    );
  }

  /** `undefined` until it has been read from disk once. */
  get current(): LampState | undefined {
    return this.#live.current;
  }
}

const toLampState = ({ circles, presence, health, due }: Rows): LampState => ({
  isEmpty: circles === 0,
  isSomeoneHere: presence.some(({ devices }) => devices.length > 0),
  relays:
    presence.length === 0
      ? 'opening'
      : relaysState(
          health,
          presence.some(({ online }) => online)
        ),
  isWaiting: due > 0
});

/** `online`: some relay brings phones together, whether it keeps letters or not. */
const relaysState = (health: readonly RelayHealthRow[], online: boolean): LampRelays => {
  if (health.length === 0) return 'none';
  const states = new Set(health.map(({ state }) => state));
  if (states.has('opening')) return 'opening';
  if (!states.has('open')) return online ? 'letterless' : 'closed';
  return states.size === 1 ? 'open' : 'some';
};
