/**
 * Relays as a screen shows them: how each is doing, and what came of trying one.
 */
import { m } from '../i18n/messages.js';

/** What is said beside a relay's name. */
export interface ShownRelay {
  /** Host, and path where it needs one. */
  readonly name: string;
  /** `kept-off`: this device keeps to its own network, and so does not look there. */
  readonly state: 'opening' | 'open' | 'offline' | 'refused' | 'kept-off';
  /** The relay's own sentence where it says no: short, untrusted, perhaps empty. */
  readonly reason: string;
  /** Something waits here that it has not taken. */
  readonly isOwed: boolean;
  /** Not used any more, but for friends who have not heard of that. */
  readonly isLeft: boolean;
}

/** What came of trying a relay. Only `good` is as it should be; `keeps` is no more than a caution. */
export type ProbeState = 'trying' | 'good' | 'keeps' | 'offline' | 'slow' | 'refused' | 'unread' | 'loses' | 'kept-off';

export interface ShownProbe {
  readonly name: string;
  readonly state: ProbeState;
  /** As above. */
  readonly reason: string;
}

/** What is wrong with addresses as they were typed. */
export type RelayProblem = 'not-an-address' | 'not-encrypted' | 'too-many' | 'none-written';

/** Which relays a circle uses: those the instance names, its own, or none. */
export const relayKinds = ['given', 'own', 'none'] as const;
export type RelayKind = (typeof relayKinds)[number];

/** A sentence, and the relay's own words behind it where it has any. */
export interface RelaySentence {
  readonly sentence: string;
  readonly quote: string;
}

/** How a relay is doing, without its name. */
export const relaySentence = ({ state, reason }: Pick<ShownRelay, 'state' | 'reason'>): RelaySentence => {
  if (state !== 'refused') return { sentence: stateSentences[state](), quote: '' };
  return { sentence: reason === '' ? m.routes_relay_refused_silent() : m.routes_relay_refused(), quote: reason };
};

/** What came of trying one, with its name. */
export const probeSentence = ({ name, state, reason }: ShownProbe): RelaySentence => {
  const isSilent = reason === '' && (state === 'refused' || state === 'unread');
  const write = isSilent ? silentSentences[state] : probeSentences[state];
  const quote = state === 'refused' || state === 'unread' ? reason : '';
  return { sentence: write({ relay: name }), quote };
};

export const relayProblemSentence = (problem: RelayProblem): string => problemSentences[problem]();

type Write = (of: { readonly relay: string }) => string;

const stateSentences: Record<Exclude<ShownRelay['state'], 'refused'>, () => string> = {
  opening: m.routes_relay_opening,
  open: m.routes_relay_open,
  offline: m.routes_relay_offline,
  'kept-off': m.routes_relay_kept_off
};
const probeSentences: Record<ProbeState, Write> = {
  trying: m.routes_probe_trying,
  good: m.routes_probe_good,
  keeps: m.routes_probe_keeps,
  offline: m.routes_probe_offline,
  slow: m.routes_probe_slow,
  refused: m.routes_probe_refused,
  unread: m.routes_probe_unread,
  loses: m.routes_probe_loses,
  'kept-off': m.routes_probe_kept_off
};
const silentSentences: Record<'refused' | 'unread', Write> = {
  refused: m.routes_probe_refused_silent,
  unread: m.routes_probe_unread_silent
};
const problemSentences: Record<RelayProblem, () => string> = {
  'not-an-address': m.routes_problem_address,
  'not-encrypted': m.routes_problem_encrypted,
  'too-many': m.routes_problem_many,
  'none-written': m.routes_problem_none
};
