/**
 * The ways a check-in can travel, each one alone: what lies between the phones of a reach world.
 */

export interface Route {
  readonly name: string;
  /** Whether phones that are open at once connect. Off where a route has to do without. */
  readonly meets: boolean;
  /** Relays that keep mail: steady ones, or ones that are away half of the time. */
  readonly relays: readonly ('steady' | 'failing')[];
  /** Whether one more member's device is left open, day and night. */
  readonly lamp: boolean;
  /** Whether the author posts the link in a group chat, and friends bring in what is posted there when they open the app. */
  readonly links: boolean;
  /** Whether every check-in has to be there within `goalRatio` × the bound. */
  readonly hasGoal: boolean;
}

const none = { meets: false, relays: [], lamp: false, links: false, hasGoal: true } as const;

export const liveOnly: Route = { ...none, name: 'live only', meets: true, hasGoal: false };

/** In the order in which they are printed. */
export const routes: readonly Route[] = [
  liveOnly,
  { ...none, name: 'one relay', relays: ['steady'] },
  { ...none, name: 'two relays, one failing', relays: ['failing', 'steady'] },
  { ...none, name: 'a lamp', meets: true, lamp: true },
  { ...none, name: 'carried links', links: true }
];

/** How much longer than the bound a check-in may take with a route that has a goal, in the mean. */
export const goalRatio = 1.1;
