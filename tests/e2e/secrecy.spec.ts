/** What a server and an address bar get to see: nothing that opens anything, and no word of anybody. */
import { idToBytes, type Id } from '../../src/lib/base/ids.ts';
import { bytesToBase64Url, bytesToHex } from '../../src/lib/base/bytes.ts';
import { readInvitation } from '../../src/lib/circle/invitation.ts';
import { befriend, beginCircle, card, connected, expect, inviteLink, letIn, say, seeWords, sixWords, test } from './friends.ts';
