/** What the page and the backup worker say to each other. */
import type { Result } from '../../base/result.ts';
import type { OpenBackupError } from './backup-file.ts';
import type { Backup } from './format.ts';

export type ToWorker =
  | { readonly type: 'seal'; readonly json: Blob; readonly passphrase: string; readonly madeAtMs: number }
  | { readonly type: 'open'; readonly file: Blob; readonly passphrase: string };

export type FromWorker =
  | { readonly type: 'bytes'; readonly done: number; readonly total: number }
  | { readonly type: 'sealed'; readonly file: Blob }
  | { readonly type: 'opened'; readonly result: Result<Backup, OpenBackupError> }
  | { readonly type: 'broke'; readonly problem: string };
