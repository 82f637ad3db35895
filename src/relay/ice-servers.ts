/**
 * STUN and TURN servers that are named on the command line, handed out with `instance.json`.
 *
 * For TURN the password is made anew each day and runs out, by the secret that is shared with the TURN server (coturn:
 * `use-auth-secret`): name = when it runs out, password = base64(HMAC-SHA1(secret, name)). One name for all, because one
 * for each would tell the TURN server whose connections belong together.
 * Source: draft-uberti-behave-turn-rest-00 §2.2; docs/hosting.md, TURN.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayMs, secondMs, type Clock } from '../lib/base/clock.ts';
import type { SiteHandler } from './static-site.ts';

export interface IceOptions {
  /** Addresses that start with stun: or stuns:. */
  readonly stunUrls: readonly string[];
  /** Addresses that start with turn: or turns:. */
  readonly turnUrls: readonly string[];
  /** Shared with the TURN server; needed where there is one. */
  readonly turnSecret?: string;
  /** Whether friends' devices may speak to each other through TURN only. */
  readonly isRelayedOnly: boolean;
}

export const noIceServers: IceOptions = { stunUrls: [], turnUrls: [], isRelayedOnly: false };

/**
 * The site, with these servers in its `instance.json` after those that are there. Made of the plain file each time: a build
 * lays compressed copies beside it, which would not know of a line that somebody wrote there since.
 */
export const withIceServers =
  (site: SiteHandler, dir: string, options: IceOptions, clock: Clock): SiteHandler =>
  (request, response) => {
    if (request.url?.split('?')[0] !== `/${instanceFile}`) return site(request, response);
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('Content-Type', 'application/json').end(instanceText(dir, options, clock));
  };

const instanceFile = 'instance.json';

const instanceText = (dir: string, options: IceOptions, clock: Clock): string => {
  const file = readInstance(join(dir, instanceFile));
  const own = Array.isArray(file['iceServers']) ? (file['iceServers'] as unknown[]) : [];
  const named = iceServers(options, clock.nowMs());
  return JSON.stringify({
    ...file,
    iceServers: [...own, ...named],
    ...(options.isRelayedOnly ? { iceTransportPolicy: 'relay' } : {})
  });
};

/** How many days a password lasts from the beginning of the day on which it is handed out. */
const passwordDays = 3;

const iceServers = ({ stunUrls, turnUrls, turnSecret }: IceOptions, nowMs: number): object[] => {
  const stun = stunUrls.length === 0 ? [] : [{ urls: stunUrls }];
  if (turnSecret === undefined || turnUrls.length === 0) return stun;
  const endsMs = (Math.floor(nowMs / dayMs) + passwordDays) * dayMs;
  const username = `${endsMs / secondMs}`;
  const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
  return [...stun, { urls: turnUrls, username, credential }];
};

const readInstance = (path: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {}; // missing, closed to us, or not JSON: a browser would take nothing from it either
  }
};
