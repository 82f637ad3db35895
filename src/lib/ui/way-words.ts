/**
 * By which ways a friend was heard, as sentences: "Mia: straight from phone to phone and by relay.example.org, this week."
 */
import type { FriendWays, Way } from '../care/ways.ts';
import { m } from '../i18n/messages.js';
import { listNames, sentenceParts, type SentencePart } from './names.ts';

/** One or two sentences, each in parts. Names of relays are ASCII and need no isolation of their own. */
export const friendWaysParts = ({ name, week, before }: FriendWays): SentencePart[][] => {
  const of = (write: (named: string) => string): SentencePart[] => sentenceParts(write, [name]);
  if (week.length === 0 && before.length === 0) return [of((named) => m.routes_friend_none({ name: named }))];
  if (week.length === 0) return [of((named) => m.routes_friend_before({ name: named, ways: waysText(before) }))];
  const thisWeek = of((named) => m.routes_friend_week({ name: named, ways: waysText(week) }));
  if (before.length === 0) return [thisWeek];
  return [thisWeek, [{ text: m.routes_before({ ways: waysText(before) }), isName: false }]];
};

const waysText = (ways: readonly Way[]): string => listNames(ways.map(wayText));

const wayText = (way: Way): string => {
  if (way.type === 'relay') return m.routes_way_relay({ relay: way.name });
  return way.type === 'direct' ? m.routes_way_direct() : m.routes_way_carried();
};
