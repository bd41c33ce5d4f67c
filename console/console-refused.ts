/** The console does not start like this; the message says what to set. */
export class ConsoleRefused extends Error {
  readonly code: 'PASSWORD_MISSING' | 'PORT_IN_USE' | 'PORT_FORBIDDEN' | 'HOST_UNKNOWN';
  constructor(code: ConsoleRefused['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConsoleRefused';
    this.code = code;
  }
}

/** An error of `listen` in words that help; undefined for one we know nothing about. `prefix`: of the variables to set. */
export function refusedListen(error: unknown, host: string, port: number, prefix = ''): ConsoleRefused | undefined {
  const options = { cause: error };
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new ConsoleRefused(
        'PORT_IN_USE',
        `Port ${port} of ${host} is in use by another program. Stop that one, or set ${prefix}PORT to another port.`,
        options,
      );
    case 'EACCES':
      return new ConsoleRefused(
        'PORT_FORBIDDEN',
        `This user may not use port ${port} of ${host}. Set ${prefix}PORT to one above 1023, e.g. ${prefix}PORT=8080.`,
        options,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConsoleRefused(
        'HOST_UNKNOWN',
        `This machine has no address "${host}". Set ${prefix}HOST to one that it has, e.g. ${prefix}HOST=127.0.0.1.`,
        options,
      );
    default:
      return undefined;
  }
}
