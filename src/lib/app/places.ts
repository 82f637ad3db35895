/**
 * Where things are: the app's addresses, under whatever base it is served from.
 */
import { resolve } from '$app/paths';

/** The app's base address with a slash at its end. */
export const baseUrl = (): URL => new URL(homePath(), location.origin);

export const homePath = (): string => resolve('/');
export const boardPath = (n: number): string => resolve('/c/[n=ordinal]', { n: `${n}` });
export const composerPath = (n: number): string => resolve('/c/[n=ordinal]/say', { n: `${n}` });
/** One person's card, opened; by place on the roster, from 1, since names and ids are nobody's business in an address. */
export const friendPath = (n: number, ordinal: number): string =>
  resolve('/c/[n=ordinal]/friend/[m=ordinal]', { n: `${n}`, m: `${ordinal}` });
/** How what is said in a circle gets there. */
export const waysPath = (n: number): string => resolve('/c/[n=ordinal]/ways', { n: `${n}` });
/** Who is in a circle. */
export const peoplePath = (n: number): string => resolve('/c/[n=ordinal]/people', { n: `${n}` });
/** One person in a circle, by place on the roster, from 1. */
export const personPath = (n: number, ordinal: number): string =>
  resolve('/c/[n=ordinal]/people/[m=ordinal]', { n: `${n}`, m: `${ordinal}` });
/** Saying that somebody should go. */
export const removePath = (n: number, ordinal: number): string =>
  resolve('/c/[n=ordinal]/people/[m=ordinal]/remove', { n: `${n}`, m: `${ordinal}` });
export const leavePath = (n: number): string => resolve('/c/[n=ordinal]/people/leave', { n: `${n}` });
export const startPath = (): string => resolve('/start');
export const joinPath = (): string => resolve('/join');
export const settingsPath = (): string => resolve('/settings');
/** One's own devices. */
export const devicesPath = (): string => resolve('/settings/devices');
export const lockPath = (): string => resolve('/settings/lock');
export const backupPath = (): string => resolve('/settings/backup');
/** What a backup brought back of one circle, by its place in their list, from 1. */
export const restoredPath = (ordinal: number): string => resolve('/settings/backup/[n=ordinal]', { n: `${ordinal}` });
export const exportPath = (): string => resolve('/settings/export');
export const storagePath = (): string => resolve('/settings/storage');
export const erasePath = (): string => resolve('/settings/erase');
/** What friends, relays and whoever has the phone can and can't see. */
export const sightPath = (): string => resolve('/who-sees-what');
export const carryPath = (): string => resolve('/carry');
export const lampPath = (): string => resolve('/lamp');
