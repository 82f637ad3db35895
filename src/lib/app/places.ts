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
export const startPath = (): string => resolve('/start');
export const joinPath = (): string => resolve('/join');
export const settingsPath = (): string => resolve('/settings');
export const carryPath = (): string => resolve('/carry');
export const lampPath = (): string => resolve('/lamp');

/** Also where somebody with a backup and nothing else begins. */
export const backupPath = (): string => resolve('/settings/backup');
