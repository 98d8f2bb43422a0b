import { longName } from './header-names.ts';
import { noBody, type SipHeader, type SipMessage } from './sip-message.ts';

/** A UDP datagram holds no more; over TCP nobody needs more. */
export const maxMessageBytes = 65_535;
const maxHeaders = 200;
const maxLineLength = 8_192;
const maxMethodLength = 64;

export type ParseResult =
  | {
      readonly ok: true;
      readonly message: SipMessage;
      /** Where the next message may begin. */ readonly endByte: number;
    }
  | ParseFailure;

export interface ParseFailure {
  readonly ok: false;
  /** What a request with this fault deserves. */
  readonly status: 400 | 413 | 505;
  readonly reason: string;
  /** What could be read of it: enough to answer, where it has a Via. */
  readonly message: SipMessage | undefined;
}

const token = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/**
 * Reads one message. Never throws; the time is linear in its size. Lines may end in a bare LF, and empty lines before
 * the first one are skipped (RFC 3261 §7.5). Without Content-Length the body goes to the end of the bytes.
 */
export function parseMessage(bytes: Uint8Array): ParseResult {
  if (bytes.length > maxMessageBytes) return failure(413, 'Message Too Large', undefined);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = findHeadEnd(buffer);
  const head = buffer.toString('latin1', 0, headEnd.text);
  const lines = unfold(head);
  const [first = ''] = lines;
  const start = parseStartLine(first);
  const { headers, fault } = parseHeaders(lines);
  if (!start) return failure(400, 'Bad Start Line', salvageRequest(first, headers));
  const message: SipMessage = { ...start.line, headers, body: noBody };
  if (start.version !== 'SIP/2.0') return failure(505, 'Version Not Supported', message);
  if (fault !== undefined) return failure(400, fault, message);
  const length = contentLength(headers);
  if (length === undefined) return failure(400, 'Bad Content-Length', message);
  const available = buffer.length - headEnd.body;
  if (length > available) return failure(400, 'Body Shorter Than Content-Length', message);
  const endByte = headEnd.body + (length < 0 ? available : length);
  return { ok: true, message: { ...message, body: bytes.subarray(headEnd.body, endByte) }, endByte };
}

function failure(status: ParseFailure['status'], reason: string, message: SipMessage | undefined): ParseFailure {
  return { ok: false, status, reason, message };
}

/** Where the header section's text ends, and where the body begins. A message without an empty line is all head. */
function findHeadEnd(buffer: Buffer): { text: number; body: number } {
  let lineStart = 0;
  let seenText = false;
  for (;;) {
    const lf = buffer.indexOf(0x0a, lineStart);
    if (lf < 0) return { text: buffer.length, body: buffer.length };
    const end = lf > lineStart && buffer[lf - 1] === 0x0d ? lf - 1 : lf;
    if (end > lineStart) seenText = true;
    else if (seenText) return { text: lineStart, body: lf + 1 };
    lineStart = lf + 1;
  }
}

/** Logical lines: one that begins with white space continues the one before it. */
function unfold(head: string): string[] {
  const lines: string[] = [];
  let parts: string[] = [];
  const flush = (): void => {
    if (parts.length > 0) lines.push(parts.length === 1 ? (parts[0] ?? '') : parts.join(' '));
    parts = [];
  };
  for (const raw of head.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') continue;
    const folded = line[0] === ' ' || line[0] === '\t';
    if (!folded) flush();
    parts.push(folded ? line.trim() : line);
  }
  flush();
  return lines;
}

interface StartLine {
  readonly version: string;
  readonly line:
    | { readonly kind: 'request'; readonly method: string; readonly uri: string }
    | { readonly kind: 'response'; readonly status: number; readonly reason: string };
}

function parseStartLine(line: string): StartLine | undefined {
  if (line.length > maxLineLength) return undefined;
  if (/^SIP\//i.test(line)) {
    const match = /^(SIP\/[0-9.]{1,20}) ([1-6][0-9]{2})(?: (.*))?$/i.exec(line);
    if (!match) return undefined;
    const [, version = '', status = '', reason = ''] = match;
    return { version: version.toUpperCase(), line: { kind: 'response', status: Number(status), reason } };
  }
  const methodEnd = line.indexOf(' ');
  const uriEnd = line.lastIndexOf(' ');
  const [method, uri, version] = [line.slice(0, methodEnd), line.slice(methodEnd + 1, uriEnd), line.slice(uriEnd + 1)];
  if (methodEnd < 0 || uriEnd <= methodEnd || method.length > maxMethodLength || !token.test(method)) return undefined;
  if (uri === '' || /[\s<>"]/.test(uri) || !/^SIP\/[0-9.]{1,20}$/i.test(version)) return undefined;
  return { version: version.toUpperCase(), line: { kind: 'request', method, uri } };
}

/** A request whose first line is broken can still be told so. */
function salvageRequest(line: string, headers: readonly SipHeader[]): SipMessage | undefined {
  const method = line.split(/\s/, 1)[0] ?? '';
  const isRequest =
    /SIP\/[0-9.]{1,20}\s*$/i.test(line.slice(-40)) && method.length <= maxMethodLength && token.test(method);
  return isRequest ? { kind: 'request', method, uri: '', headers, body: noBody } : undefined;
}

function parseHeaders(lines: readonly string[]): { headers: SipHeader[]; fault: string | undefined } {
  const headers: SipHeader[] = [];
  let fault: string | undefined;
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (index > maxHeaders) return { headers, fault: 'Too Many Headers' };
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trimEnd();
    if (line.length > maxLineLength || !token.test(name)) fault ??= 'Bad Header Line';
    else headers.push({ name: longName(name), value: line.slice(colon + 1).trim() });
  }
  return { headers, fault };
}

/** -1 when there is none; undefined when it is no number, or two that differ. */
function contentLength(headers: readonly SipHeader[]): number | undefined {
  let length = -1;
  for (const { name, value } of headers) {
    if (name !== 'content-length') continue;
    if (!/^[0-9]{1,9}$/.test(value)) return undefined;
    if (length >= 0 && length !== Number(value)) return undefined;
    length = Number(value);
  }
  return length;
}
