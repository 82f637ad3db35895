/**
 * By which ways friends were heard, this week and longer ago: enough to see what works. No times, no counts, nobody first
 * but by the roster.
 */
import type { DeviceId, PersonId } from '../base/ids.ts';
import { currentPeople, type Roster } from '../circle/roster.ts';

/** `name`: what a relay is called on a screen, see `relayNames`. */
export type Way = { readonly type: 'direct' | 'carried' } | { readonly type: 'relay'; readonly name: string };

/** Something of a device last came in by this way on this day: days since 1970, by this device's clock. */
export interface HeardWay {
  readonly device: DeviceId;
  readonly way: Way;
  readonly day: number;
}

export interface FriendWays {
  readonly person: PersonId;
  readonly name: string;
  /** Straight ones first, then relays by name, then by hand. */
  readonly week: readonly Way[];
  /** Those that are not among this week's, in the same order. */
  readonly before: readonly Way[];
}

/** Today and the six days before it. A day that lies ahead, as after a clock was set back, is this week's too. */
const weekDays = 7;

/**
 * The ways of everyone else who is in, in roster order. Any device of a friend counts for them. `here`: devices that are
 * connected now; a connection that has lasted for weeks is still this week's.
 */
export const friendsWays = (
  roster: Roster,
  ownDevice: DeviceId,
  {
    heard,
    here,
    today
  }: { readonly heard: readonly HeardWay[]; readonly here: ReadonlySet<DeviceId>; readonly today: number }
): FriendWays[] => {
  const own = roster.devicesById.get(ownDevice)?.person;
  return currentPeople(roster)
    .filter(({ id }) => id !== own)
    .map(({ id, name, devices }) => {
      const now = devices.filter((device) => here.has(device)).map((): HeardWay['way'] => ({ type: 'direct' }));
      const theirs = heard.filter(({ device }) => devices.includes(device));
      const isThisWeek = ({ day }: HeardWay): boolean => day > today - weekDays;
      const week = distinct([...now, ...theirs.filter(isThisWeek).map(({ way }) => way)]);
      const known = new Set(week.map(keyOf));
      const before = distinct(theirs.map(({ way }) => way)).filter((way) => !known.has(keyOf(way)));
      return { person: id, name, week, before };
    });
};

/**
 * What relays are called: the host, with its path where another of them is on the same host. All of it is ASCII, since that
 * is how `normalRelayUrl` writes addresses, so a host that only looks like another does not look like it here.
 */
export const relayNames = (urls: readonly string[]): ReadonlyMap<string, string> => {
  const hosts = new Map([...new Set(urls)].map((url) => [url, URL.parse(url)?.host ?? url]));
  const shared = new Set([...hosts.values()].filter((host, i, all) => all.indexOf(host) !== i));
  return new Map([...hosts].map(([url, host]) => [url, shared.has(host) ? url.replace(/^[a-z]+:\/\//, '') : host]));
};

const keyOf = (way: Way): string => (way.type === 'relay' ? `1 ${way.name}` : way.type === 'direct' ? '0' : '2');

const distinct = (ways: readonly Way[]): Way[] => {
  const byKey = new Map(ways.map((way) => [keyOf(way), way]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, way]) => way);
};
