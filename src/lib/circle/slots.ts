/**
 * Where statements and bookkeeping stand among a device's records (docs/protocol.md ST1, AU3).
 */
import type { DeviceId, PersonId } from '../base/ids.ts';

/** Statements stand in slots of their own under this prefix, version 1, for ever. ST1. */
export const statementSlotPrefix = 'roster/';

export const genesisSlot = `${statementSlotPrefix}genesis`;
export const addPersonSlot = (device: DeviceId): string => `${statementSlotPrefix}add/${device}`;
export const addDeviceSlot = (device: DeviceId): string => `${statementSlotPrefix}device/${device}`;
export const voteSlot = (on: PersonId | DeviceId): string => `${statementSlotPrefix}vote/${on}`;
export const rebindSlot = (device: DeviceId): string => `${statementSlotPrefix}vouch/${device}`;
export const leaveSlot = `${statementSlotPrefix}leave`;

export const ledgerSlot = 'ledger';
export const ackSlot = 'ack';
