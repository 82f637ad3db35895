/**
 * Where the pages of a circle's people and of the settings are. Apart from `places.ts`, because the first screen leads to none of these.
 */
import { resolve } from '$app/paths';

/** One person in a circle, by place on the roster, from 1. */
export const personPath = (n: number, ordinal: number): string =>
  resolve('/c/[n=ordinal]/people/[m=ordinal]', { n: `${n}`, m: `${ordinal}` });

/** Saying that somebody should go. */
export const removePath = (n: number, ordinal: number): string =>
  resolve('/c/[n=ordinal]/people/[m=ordinal]/remove', { n: `${n}`, m: `${ordinal}` });

export const leavePath = (n: number): string => resolve('/c/[n=ordinal]/people/leave', { n: `${n}` });

/** Who is in a circle. */
export const peoplePath = (n: number): string => resolve('/c/[n=ordinal]/people', { n: `${n}` });

/** What a backup brought back of one circle, by its place in their list, from 1. */
export const restoredPath = (ordinal: number): string => resolve('/settings/backup/[n=ordinal]', { n: `${ordinal}` });

/** What friends, relays and whoever has the phone can and can't see. */
export const sightPath = (): string => resolve('/who-sees-what');

/** One's own devices. */
export const devicesPath = (): string => resolve('/settings/devices');

export const lockPath = (): string => resolve('/settings/lock');

export const exportPath = (): string => resolve('/settings/export');

export const storagePath = (): string => resolve('/settings/storage');

export const erasePath = (): string => resolve('/settings/erase');
