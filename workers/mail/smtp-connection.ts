import { connect } from 'cloudflare:sockets';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte (port 465), `starttls` before anything is said (587), `none` within a machine. */
  readonly security: 'tls' | 'starttls' | 'none';
}

/** The server said no, or something that is not SMTP. */
export class SmtpError extends Error {
  override readonly name = 'SmtpError';
  /** It will say the same next time. */
  readonly isPermanent: boolean;

  constructor(message: string, isPermanent: boolean) {
    super(message);
    this.isPermanent = isPermanent;
  }
}

interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

const replyTimeoutMs = 15_000;
const maxReplyBytes = 32_768;

/** One conversation with a mail server: commands, each answered before the next. */
export class SmtpConnection {
  /** What the server offered to EHLO, by keyword, with its parameters. */
  extensions: ReadonlyMap<string, string> = new Map();
  #socket: Socket;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #received = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#reader = socket.readable.getReader();
    this.#writer = socket.writable.getWriter();
  }

  /** Greeted, encrypted as asked, and introduced. */
  static async open({ host, port, security }: SmtpServer): Promise<SmtpConnection> {
    const secureTransport = security === 'tls' ? 'on' : security === 'starttls' ? 'starttls' : 'off';
    const connection = new SmtpConnection(connect({ hostname: host, port }, { secureTransport, allowHalfOpen: false }));
    try {
      connection.#expect(await connection.#reply(), 220);
      await connection.#introduce();
      if (security === 'starttls') {
        if (!connection.extensions.has('STARTTLS')) throw new SmtpError('The server offers no STARTTLS.', true);
        await connection.command('STARTTLS', 220);
        connection.#secure();
        // What was said before is void (RFC 3207 §4.2).
        await connection.#introduce();
      }
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Sends one command and waits for an answer with one of the codes. */
  async command(line: string, ...expected: number[]): Promise<Reply> {
    await this.#within(this.#writer.write(new TextEncoder().encode(`${line}\r\n`)));
    return this.#expect(await this.#reply(), ...expected);
  }

  /** The message is the server's by now: whatever it answers changes nothing. */
  async quit(): Promise<void> {
    await this.command('QUIT', 221).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#socket.close().catch(() => undefined);
  }

  async #introduce(): Promise<void> {
    const { lines } = await this.command('EHLO parley', 250);
    this.extensions = new Map(
      lines.slice(1).map((line): [string, string] => {
        const [keyword = '', ...parameters] = line.split(' ');
        return [keyword.toUpperCase(), parameters.join(' ')];
      }),
    );
  }

  #secure(): void {
    this.#reader.releaseLock();
    this.#writer.releaseLock();
    // Anything that came in the clear after the answer was put there by somebody else.
    this.#received = '';
    this.#socket = this.#socket.startTls();
    this.#reader = this.#socket.readable.getReader();
    this.#writer = this.#socket.writable.getWriter();
  }

  #expect(reply: Reply, ...expected: number[]): Reply {
    if (expected.includes(reply.code)) return reply;
    throw new SmtpError(`${reply.code} ${reply.lines.join(' ')}`.slice(0, 400), reply.code >= 500);
  }

  /** A reply of one or more lines: each but the last has a hyphen after its code (RFC 5321 §4.2.1). */
  async #reply(): Promise<Reply> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.#line();
      const [, code, more, text = ''] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
      if (code === undefined) throw new SmtpError(`No answer of a mail server: "${line.slice(0, 80)}".`, true);
      lines.push(text);
      if (more !== '-') return { code: Number(code), lines };
    }
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf('\n');
      if (end >= 0) {
        const line = this.#received.slice(0, end).replace(/\r$/, '');
        this.#received = this.#received.slice(end + 1);
        return line;
      }
      if (this.#received.length > maxReplyBytes) throw new SmtpError('The answer does not end.', true);
      const { done, value } = await this.#within(this.#reader.read());
      if (done) throw new SmtpError('The server closed the connection.', false);
      this.#received += new TextDecoder().decode(value);
    }
  }

  async #within<T>(work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new SmtpError(`No answer within ${replyTimeoutMs / 1_000} s.`, false));
      }, replyTimeoutMs);
    });
    return Promise.race([work, late]).finally(() => {
      clearTimeout(timer);
    });
  }
}
