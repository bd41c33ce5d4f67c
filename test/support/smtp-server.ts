import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A mail as it came over the wire. */
export interface ReceivedMail {
  from: string;
  to: string[];
  /** User and password of the session, where one was given. */
  login?: string;
  /** Headers and body, undecoded. */
  raw: string;
}

export interface SmtpServer {
  url: string;
  mails: ReceivedMail[];
  /** First words of all commands. */
  heard: string[];
  /** Answers this to the next command that begins so, e.g. `refuse('RCPT', '550 no such user')`; as often as `times` says. */
  refuse(command: string, answer: string, times?: number): void;
  close(): Promise<void>;
}

/** A mail server of RFC 5321 that keeps what it gets. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const heard: string[] = [];
  const refusals: { command: string; answer: string; left: number }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    talk(socket, mails, refusals, heard);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    heard,
    refuse(command, answer, times = 1) {
      refusals.push({ command, answer, left: times });
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function talk(
  socket: Socket,
  mails: ReceivedMail[],
  refusals: { command: string; answer: string; left: number }[],
  heard: string[],
): void {
  let mail: ReceivedMail = { from: '', to: [], raw: '' };
  let login: string | undefined;
  let inData = false;
  let buffered = '';
  const say = (line: string) => void socket.write(`${line}\r\n`);

  function command(line: string): unknown {
    const verb = (line.split(' ')[0] ?? '').toUpperCase();
    heard.push(verb);
    const refusal = refusals.find((one) => one.command === verb && one.left > 0);
    if (refusal) {
      refusal.left -= 1;
      return say(refusal.answer);
    }
    if (verb === 'EHLO' || verb === 'HELO') return say('250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME');
    if (verb === 'AUTH') {
      // base64 of NUL user NUL password
      login = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .slice(1)
        .replace('\0', ':');
      return say('235 welcome');
    }
    if (verb === 'MAIL') {
      mail = { from: addressOf(line), to: [], raw: '', ...(login !== undefined && { login }) };
      return say('250 ok');
    }
    if (verb === 'RCPT') {
      mail.to.push(addressOf(line));
      return say('250 ok');
    }
    if (verb === 'DATA') {
      inData = true;
      return say('354 go on, end with a dot');
    }
    if (verb === 'QUIT') {
      say('221 bye');
      return socket.end();
    }
    return say(verb === 'RSET' || verb === 'NOOP' ? '250 ok' : '502 not known');
  }

  say('220 test ESMTP');
  socket.setEncoding('utf8').on('data', (text: string) => {
    buffered += text;
    for (;;) {
      const end = buffered.indexOf(inData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const part = buffered.slice(0, end);
      buffered = buffered.slice(end + (inData ? 5 : 2));
      if (!inData) command(part);
      else {
        inData = false;
        mails.push({ ...mail, raw: part.replaceAll(/^\.\./gm, '.') });
        say('250 stored');
      }
    }
  });
}

function addressOf(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}
